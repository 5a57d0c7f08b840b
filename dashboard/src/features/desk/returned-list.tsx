/** Where the box goes back to, in the digits that are painted on the steel. */
import { api, parseAddress } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../lib/query.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { entryOf, entrySentence, wayDigits } from '../stack/model/way.ts'
import type { ReturnedLine } from './desk-state.ts'
import { daysBetween } from './due-date.ts'
import { today } from './use-desk.ts'

export function ReturnedList(props: { returned: readonly ReturnedLine[] }) {
  const { t } = useTranslation('desk')
  const [last, ...earlier] = props.returned
  if (!last) return <EmptyState title={t('list.emptyReturn')} />
  return (
    <>
      <div className="returned">
        <p>
          <b>{last.loan.box}</b>{' '}
          <span className="muted">{last.loan.title ?? t('list.noTitle')}</span>
        </p>
        <p className="small">
          {t('returned.was', { name: last.loan.borrower, code: last.loan.box })} ·{' '}
          {last.undone ? <b>{t('returned.undone')}</b> : <Timeliness line={last} />}
        </p>
        {last.undone ? null : <PlaceDigits place={last.goesBackTo} box={last.loan.box} />}
      </div>
      <ul>
        {earlier.map((r) => (
          <li key={r.loan.loan} className="line">
            <span />
            <span>
              <b>{r.loan.box}</b>
              <span className="holding__title muted">{r.loan.title ?? t('list.noTitle')}</span>
            </span>
            <b>{r.undone ? t('returned.undone') : (r.goesBackTo ?? '–')}</b>
          </li>
        ))}
      </ul>
    </>
  )
}

function Timeliness(props: { line: ReturnedLine }) {
  const { t } = useTranslation('desk')
  const late = daysBetween(props.line.loan.due, today())
  return late > 0 ? (
    <b className="who__trouble">▲ {t('returned.late', { n: late })}</b>
  ) : (
    t('returned.onTime')
  )
}

export function PlaceDigits(props: { place: string | null; box: string }) {
  const { t } = useTranslation('desk')
  const { t: stack } = useTranslation('stack')
  const layout = useCall(api.stack.getLayout, {}, { staleTime: 300_000 })
  const address = props.place ? parseAddress(props.place) : null
  if (!address) return <p className="returned__none">{t('returned.none')}</p>
  const bank = layout.data?.banks.find((b) => b.columns.some((c) => c.column === address.column))
  const entry = bank ? entryOf(bank, address.column, address.side) : null
  return (
    <>
      <p className="returned__digits">
        <span>{t('returned.to')}</span>
        {wayDigits(address).map(({ part, value }) => (
          <span key={part}>
            {stack(`way.part.${part}`)} <b>{value}</b>
          </span>
        ))}
      </p>
      <p>
        {entrySentence((key, values) => stack(key as 'title', values ?? {}), entry)}{' '}
        <Link to="/stacks/{-$room}" search={{ box: props.box }}>
          {t('returned.show')}
        </Link>
      </p>
    </>
  )
}
