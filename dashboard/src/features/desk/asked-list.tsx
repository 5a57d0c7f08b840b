import type { BoxCard } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PlaceDigits } from './returned-list.tsx'

/** 查询: where a box is and who has it, by scan only. */
export function AskedList(props: { asked: readonly BoxCard[] }) {
  const { t } = useTranslation('desk')
  const { t: stack } = useTranslation('stack')
  const [last, ...earlier] = props.asked
  if (!last) return <EmptyState title={t('list.emptyAsk')} />
  const words = (b: BoxCard) => {
    if (!b.loan) return stack(`slot.${b.state}`)
    return b.loan.borrower
      ? t('ask.lent', { name: b.loan.borrower, due: b.loan.due })
      : t('ask.lentTo', { due: b.loan.due })
  }
  return (
    <>
      <div className="returned">
        <p>
          <b>{last.code}</b>{' '}
          <span className="muted">
            {last.files.find((f) => f.title)?.title ?? t('list.noTitle')}
          </span>
        </p>
        <p>
          {words(last)}{' '}
          {last.loan?.overdue ? <b className="who__trouble">▲ {t('list.overdue')}</b> : null}
        </p>
        {last.loan ? null : <PlaceDigits place={last.belief.place ?? last.home} box={last.code} />}
      </div>
      <ul>
        {earlier.map((b) => (
          <li key={b.code} className="line">
            <span />
            <b>{b.code}</b>
            <span>{words(b)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
