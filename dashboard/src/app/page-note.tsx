import './page-note.css'
import { type ReactNode, useId } from 'react'

/** A calm full page of words: not found, forbidden, could not be drawn. */
export function PageNote(props: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="page-note" aria-labelledby={id}>
      <h1 id={id}>{props.title}</h1>
      {props.children}
    </section>
  )
}
