import './page-note.css'
import type { ReactNode } from 'react'

/** A calm full page of words: not found, forbidden, could not be drawn. */
export function PageNote(props: { title: string; children: ReactNode }) {
  return (
    <main className="page-note" id="main">
      <h1>{props.title}</h1>
      {props.children}
    </main>
  )
}
