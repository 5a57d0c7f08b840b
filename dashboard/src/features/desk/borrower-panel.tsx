import type { BorrowerView, LoanView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/empty-state.tsx'
import { scrollStop } from '../../ui/scroll-stop.ts'
import type { DeskMode } from './desk-state.ts'

/** Left: who it is, what he may borrow, what he holds and what is overdue, in word and shape. */
export function BorrowerPanel(props: { borrower: BorrowerView | null; mode: DeskMode }) {
  const { t } = useTranslation('desk')
  const b = props.borrower
  return (
    <section className="panel" aria-label={t('borrower.title')}>
      <header className="panel__head">
        <h2>{t('borrower.title')}</h2>
      </header>
      <div className="panel__body" {...scrollStop}>
        {b ? (
          <Who borrower={b} />
        ) : (
          <EmptyState title={t(props.mode === 'return' ? 'note.notNeeded' : 'borrower.none')} />
        )}
      </div>
    </section>
  )
}

function Who(props: { borrower: BorrowerView }) {
  const { t } = useTranslation('desk')
  const b = props.borrower
  const late = b.loans.filter((l) => l.overdue).length
  return (
    <>
      <p className="who__name">{b.name}</p>
      <p>{b.unit}</p>
      <p className="muted small">{t('borrower.card', { card: b.card })}</p>
      <p className="small">{t('borrower.clearance', { level: t(`secrecy.${b.clearance}`) })}</p>
      {b.expired ? (
        <p className="who__trouble">▲ {t('borrower.expired', { day: b.validUntil })}</p>
      ) : (
        <p className="muted small">{t('borrower.valid', { day: b.validUntil })}</p>
      )}
      <p className="who__holdings">
        <b>
          {b.loans.length > 0
            ? t('borrower.holdings', { n: b.loans.length })
            : t('borrower.noHoldings')}
        </b>
        {late > 0 ? <b className="who__trouble">▲ {t('borrower.overdue', { n: late })}</b> : null}
      </p>
      <ul>
        {b.loans.map((l) => (
          <Holding key={l.loan} loan={l} />
        ))}
      </ul>
    </>
  )
}

function Holding(props: { loan: LoanView }) {
  const { t } = useTranslation('desk')
  const { loan } = props
  return (
    <li className="holding">
      <span>
        {loan.box}
        <span className="holding__title muted">{loan.title ?? t('list.noTitle')}</span>
      </span>
      <span className={loan.overdue ? 'who__trouble' : 'muted'}>
        {loan.overdue ? `▲ ${t('list.overdue')} ` : ''}
        {loan.due.slice(5)}
      </span>
    </li>
  )
}
