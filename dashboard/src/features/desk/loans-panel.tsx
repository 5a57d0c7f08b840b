import { api, type LoanView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { useLiveRoom } from '../../lib/live.ts'
import { refetchRoute, useCall } from '../../lib/query.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { scrollStop } from '../../ui/scroll-stop.ts'
import { daysBetween } from './due-date.ts'
import { today } from './use-desk.ts'

/** Right: open loans, the next due first. */
export function LoansPanel() {
  const { t } = useTranslation('desk')
  const refetch = () => void refetchRoute(api.lending.listLoans)
  useLiveRoom('lending', { onDelta: refetch, onResync: refetch })
  const list = useCall(api.lending.listLoans, {})
  const data = list.data
  return (
    <section className="panel" aria-label={t('loans.title')}>
      <header className="panel__head">
        <h2>{t('loans.title')}</h2>
        {data ? (
          <span className="panel__facts">
            {t('loans.facts', { total: data.total, overdue: data.overdue })}
          </span>
        ) : null}
      </header>
      <div className="panel__body" {...scrollStop}>
        {list.error && !data ? <ErrorNote error={list.error} onRetry={refetch} /> : null}
        {data?.loans.length === 0 ? <EmptyState title={t('loans.none')} /> : null}
        <ul>
          {data?.loans.slice(0, 100).map((l) => (
            <Loan key={l.loan} loan={l} />
          ))}
        </ul>
      </div>
    </section>
  )
}

function Loan(props: { loan: LoanView }) {
  const { t } = useTranslation('desk')
  const { loan } = props
  const days = daysBetween(today(), loan.due)
  const when =
    days < 0
      ? `▲ ${t('loans.overdue', { n: -days })}`
      : days === 0
        ? t('loans.today')
        : t('loans.inDays', { n: days })
  return (
    <li className="holding">
      <span>
        {loan.box} <span className="muted">{loan.borrower}</span>
        <span className="holding__title muted">{loan.title ?? t('list.noTitle')}</span>
      </span>
      <span className={days < 0 ? 'who__trouble' : days === 0 ? 'holding__today' : 'muted'}>
        {when}
        <span className="holding__day muted">{loan.due.slice(5)}</span>
      </span>
    </li>
  )
}
