/** An act on a bank's latches that needs a reason; opens in place, never by one press. */
import type { api, CommandView } from '@lantai/contracts'
import { useState } from 'react'
import { call } from '../../../lib/api.ts'
import { ErrorNote } from '../../../ui/error-note.tsx'
import { reasonWords, useSay } from '../say.ts'

type LatchAct =
  | {
      route:
        | typeof api.shelving.releaseBank
        | typeof api.shelving.forbidMotion
        | typeof api.shelving.clearForbid
      bank: string
      reason: string
    }
  | { route: typeof api.shelving.approveCommand; command: string }

const act = (a: LatchAct): Promise<CommandView> =>
  'command' in a
    ? call(a.route, { params: { command: a.command } })
    : call(a.route, { params: { bank: a.bank }, body: { reason: a.reason } })

export function ReasonForm(props: {
  label: string
  hint: string
  allowed: boolean
  send: (reason: string) => LatchAct
}) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [state, setState] = useState<{ command?: CommandView; error?: unknown; busy: boolean }>({
    busy: false,
  })
  const asksReason = !('command' in props.send(''))
  const submit = () => {
    if (state.busy || (asksReason && reason.trim().length < 2)) return
    setState({ busy: true })
    act(props.send(reason.trim())).then(
      (command) => {
        setState({ command, busy: false })
        setOpen(false)
        setReason('')
      },
      (error: unknown) => setState({ error, busy: false }),
    )
  }
  if (!open)
    return (
      <div className="control__act">
        <button
          type="button"
          className="btn"
          disabled={!props.allowed}
          onClick={() => setOpen(true)}
        >
          {props.label}
        </button>
        <span className="muted small">{props.allowed ? props.hint : say('control.role')}</span>
        <Answer command={state.command} />
      </div>
    )
  return (
    <form
      className="control__form"
      onSubmit={(e) => {
        e.preventDefault()
        submit()
      }}
    >
      {asksReason ? (
        <label>
          <span className="label">{say('control.reason')}</span>
          <input
            className="field"
            value={reason}
            maxLength={200}
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            onChange={(e) => setReason(e.target.value)}
          />
        </label>
      ) : null}
      <span className="control__row">
        <button
          type="submit"
          className="btn"
          disabled={state.busy || (asksReason && reason.trim().length < 2)}
        >
          {props.label}
        </button>
        <span className="muted small">{props.hint}</span>
      </span>
      {state.error ? <ErrorNote error={state.error} /> : null}
    </form>
  )
}

function Answer(props: { command: CommandView | undefined }) {
  const say = useSay()
  const c = props.command
  if (!c) return null
  return (
    <span role="status">
      {c.awaitsApproval ? say('control.awaits') : say(`control.state.${c.state}`)}
      {c.state === 'refused' ? ` · ${reasonWords(say, c.reason)}` : ''}
    </span>
  )
}
