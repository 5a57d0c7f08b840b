/** The due date: typed, or one of three quick choices. A date picker that needs a mouse would stop the desk. */
import { useTranslation } from 'react-i18next'
import { KeyHint } from '../../ui/key-hint.tsx'
import { addDays, daysBetween, quickDays } from './due-date.ts'
import { isGoodDue, today } from './use-desk.ts'

export function DueField(props: {
  ref: React.Ref<HTMLInputElement>
  due: string
  onDue: (due: string) => void
}) {
  const { t } = useTranslation('desk')
  const good = isGoodDue(props.due)
  return (
    <div className="due">
      <label className="due__label">
        {t('due.label')} <KeyHint keys="D" />
        <input
          ref={props.ref}
          className="field due__field"
          inputMode="numeric"
          autoComplete="off"
          maxLength={10}
          value={props.due}
          aria-invalid={!good}
          onChange={(e) => props.onDue(e.target.value)}
        />
      </label>
      {quickDays.map((n) => (
        <button
          key={n}
          type="button"
          className="btn btn--small"
          aria-pressed={props.due === addDays(today(), n)}
          onClick={() => props.onDue(addDays(today(), n))}
        >
          {t('due.days', { n })}
        </button>
      ))}
      <span className={good ? 'muted small' : 'due__bad'} role="status">
        {good ? t('due.left', { n: daysBetween(today(), props.due) }) : t('due.bad')}
      </span>
    </div>
  )
}
