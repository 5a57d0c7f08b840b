/** What was just issued, to whom and until when: it stays until the next card comes. */
import { useTranslation } from 'react-i18next'
import type { IssuedAct } from './desk-state.ts'

export function IssuedList(props: { act: IssuedAct }) {
  const { t } = useTranslation('desk')
  const { loans, undone } = props.act
  const [first] = loans
  if (!first) return null
  return (
    <section className="issued" aria-label={t('done.title')}>
      <p className="issued__what">{t('done.what', { name: first.borrower, n: loans.length })}</p>
      <p>
        {t('done.due', { due: first.due })} <span className="muted">{first.unit}</span>
      </p>
      <ul>
        {loans.map((l, i) => (
          <li key={l.loan} className="line">
            <span className="line__n muted">{i + 1}</span>
            <span>
              <b>{l.box}</b>
              <span className="holding__title muted">{l.title ?? t('list.noTitle')}</span>
            </span>
            <b>{undone.includes(l.loan) ? t('done.undone') : t('done.out')}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}
