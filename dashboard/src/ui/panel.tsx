import './panel.css'
import { type ReactNode, useId } from 'react'

/** One level of panel; no panel inside a panel (ux 2.1). `facts` stand muted at the right of the title. */
export function Panel(props: {
  title: ReactNode
  facts?: ReactNode
  className?: string
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={`panel ${props.className ?? ''}`} aria-labelledby={id}>
      <header className="panel__head">
        <h2 id={id}>{props.title}</h2>
        {props.facts ? <div className="panel__facts">{props.facts}</div> : null}
      </header>
      <div className="panel__body">{props.children}</div>
    </section>
  )
}
