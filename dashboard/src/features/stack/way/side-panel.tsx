import { type ReactNode, useEffect, useRef } from 'react'
import { useKeys } from '../../../lib/keys.ts'
import { useSay } from '../say.ts'

/** What takes the place of the elevation for a while, so that the plan stays in sight. `Esc` gives it back. */
export function SidePanel(props: {
  title: string
  facts?: ReactNode
  onBack: () => void
  /** A field inside takes the focus by itself. */
  ownFocus?: boolean
  children: ReactNode
}) {
  const say = useSay()
  const title = useRef<HTMLHeadingElement>(null)
  // The title takes the focus: never a button, because a scanner ends with Enter.
  const ownFocus = props.ownFocus ?? false
  useEffect(() => {
    if (!ownFocus) title.current?.focus({ preventScroll: true })
  }, [ownFocus])
  useKeys(props.title, [{ keys: 'Escape', inFields: true, run: () => props.onBack() }])
  return (
    <section className="panel side-panel">
      <header className="panel__head">
        <h2 ref={title} tabIndex={-1}>
          {props.title}
        </h2>
        {props.facts ? <span className="muted">{props.facts}</span> : null}
        <button type="button" className="btn btn--small side-panel__back" onClick={props.onBack}>
          {say('action.back')}
        </button>
      </header>
      <div className="panel__body side-panel__body">{props.children}</div>
    </section>
  )
}
