import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../lib/api.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { useAct } from './use-devices.ts'

/** Why, and which fire contacts somebody knowingly goes without. */
export interface Change {
  reason: string
  withoutContacts?: string[]
}

interface Props {
  /** Word of the button. */
  readonly act: string
  readonly onSave: (change: Change) => Promise<void>
  readonly onCancel: () => void
  readonly disabled?: boolean
}

/** Every change of the list has a reason; losing a fire contact has to be said in so many words. */
export function ChangeForm(props: Props) {
  const { t } = useTranslation('devices')
  const id = useId()
  const [reason, setReason] = useState('')
  const [accepted, setAccepted] = useState(false)
  const { busy, error, run } = useAct()
  const lost = lostContacts(error)
  const save = () =>
    run(() =>
      props.onSave({
        reason: reason.trim(),
        ...(lost.length > 0 && accepted ? { withoutContacts: lost } : {}),
      }),
    )
  const ready = reason.trim() !== '' && !props.disabled && (lost.length === 0 || accepted)
  return (
    <form
      className="change-form"
      onSubmit={(e) => {
        e.preventDefault()
        if (ready && !busy) void save()
      }}
    >
      <label className="label" htmlFor={id}>
        {t('change.reason')}
      </label>
      <input
        id={id}
        className="field"
        maxLength={200}
        value={reason}
        autoComplete="off"
        placeholder={t('change.example')}
        onChange={(e) => setReason(e.target.value)}
      />
      {lost.length > 0 ? (
        <label className="df__flag note note--error">
          <input
            type="checkbox"
            checked={accepted}
            onChange={(e) => setAccepted(e.target.checked)}
          />
          {t('change.withoutContacts', { contacts: lost.join(', ') })}
        </label>
      ) : null}
      {error ? <Wrong error={error} /> : null}
      <p className="change-form__foot">
        <button type="submit" className="btn btn--filled" disabled={!ready || busy}>
          {busy ? t('change.sending') : props.act}
        </button>
        <button type="button" className="btn" onClick={props.onCancel}>
          {t('change.cancel')}
        </button>
      </p>
    </form>
  )
}

const lostContacts = (error: unknown): string[] =>
  error instanceof ApiProblem && error.code === 'contacts-unacknowledged'
    ? (error.errors ?? []).map((e) => e.path.split(/[/.]/).at(-1) ?? e.path)
    : []

export function Wrong(props: { error: unknown }) {
  const { error } = props
  const list = error instanceof ApiProblem ? (error.errors ?? []) : []
  return (
    <>
      <ErrorNote error={error} />
      {list.length > 0 ? (
        <ul className="devices__errors small">
          {list.map((e) => (
            <li key={`${e.path} ${e.message}`}>
              <code>{e.path}</code> {e.message}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
