import './notes.css'
import type { ReactNode } from 'react'

/** A quiet day looks almost blank, and says so in words. */
export function EmptyState(props: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty__title">{props.title}</p>
      {props.children ? <div className="muted">{props.children}</div> : null}
    </div>
  )
}
