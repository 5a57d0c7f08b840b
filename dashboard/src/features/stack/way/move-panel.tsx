/** 移动: the destination is scanned or typed; no drag and drop. Undone by a compensating move. */
import { type Address, api, type BoxCard, formatAddress, parseAddress } from '@lantai/contracts'
import { useState } from 'react'
import { call } from '../../../lib/api.ts'
import { classifyScan } from '../../../lib/scan-code.ts'
import { useScan } from '../../../lib/scanner.ts'
import { playSound } from '../../../lib/sound.ts'
import { showToast } from '../../../lib/toasts.ts'
import { ErrorNote } from '../../../ui/error-note.tsx'
import { useSay } from '../say.ts'
import { SidePanel } from './side-panel.tsx'

export function MovePanel(props: {
  code: string
  box: BoxCard | null
  onBack: () => void
  onMoved: (to: Address) => void
}) {
  const say = useSay()
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const to = parseAddress(text)
  const ready = to?.section !== undefined && to.shelf !== undefined
  const complaint =
    text.trim() === ''
      ? null
      : !to
        ? say('move.bad', { text })
        : ready
          ? null
          : say('move.needShelf', { face: `${to.column}${to.side}` })

  const move = (target: Address) => {
    if (busy) return
    setBusy(true)
    setError(null)
    const { code } = props
    call(api.stack.moveBox, { body: { code, to: formatAddress(target) } })
      .then(
        (done) => {
          playSound('good')
          const what = say('move.done', { code, to: done.to })
          showToast(what, {
            undo: {
              what,
              run: () =>
                call(api.stack.undoMove, { params: { move: done.move } }).then(() => undefined),
            },
          })
          props.onMoved(parseAddress(done.to) ?? target)
        },
        (e: unknown) => {
          playSound('error')
          setError(e)
        },
      )
      .finally(() => setBusy(false))
  }
  useScan(
    (scan) => {
      const code = classifyScan(scan.text)
      if (code.kind !== 'place') return false
      setText(formatAddress(code.address))
      if (code.address.section !== undefined && code.address.shelf !== undefined) move(code.address)
      return true
    },
    { session: true },
  )
  return (
    <SidePanel title={say('move.title', { code: props.code })} onBack={props.onBack} ownFocus>
      <form
        className="move"
        onSubmit={(e) => {
          e.preventDefault()
          if (to && ready) move(to)
        }}
      >
        <p className="muted">
          {props.box?.home ? say('move.from', { place: props.box.home }) : say('move.fromNone')}
        </p>
        <label>
          <span className="label">{say('move.label')}</span>
          <input
            className="field move__field"
            // biome-ignore lint/a11y/noAutofocus: M asks for exactly this field
            autoFocus
            autoComplete="off"
            spellCheck={false}
            maxLength={20}
            value={text}
            aria-invalid={complaint !== null}
            onChange={(e) => setText(e.target.value)}
          />
        </label>
        <p className={complaint ? 'request__why' : 'muted small'}>
          {complaint ?? say('move.hint')}
        </p>
        <div>
          <button type="submit" className="btn btn--filled" disabled={!ready || busy}>
            {say('move.send', { place: to && ready ? formatAddress(to) : '…' })}
          </button>
        </div>
        {error ? <ErrorNote error={error} /> : null}
      </form>
    </SidePanel>
  )
}
