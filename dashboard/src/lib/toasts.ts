/** Short notes at the foot of the page, and the acts that can be undone. */
import { createStore } from './store.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'trouble'
  /** Shown as a button 撤销 while the toast stays. */
  readonly undo: Undo | null
}
export interface Undo {
  /** What was done, in the person's language: "LT… 移到 12A-3-4". */
  readonly what: string
  /** Appends the compensating event; throws when it could not. */
  run(): Promise<void>
}

/** An act stays undoable from its toast for ten seconds, from history after that (ux 3). */
export const toastMs = 10_000
const kept = 4

export const toasts = createStore<readonly Toast[]>([])
let next = 1

export function dismissToast(id: number): void {
  toasts.set((list) => list.filter((t) => t.id !== id))
}

export function showToast(text: string, options: { tone?: 'trouble'; undo?: Undo } = {}): number {
  const id = next++
  const toast: Toast = { id, text, tone: options.tone ?? 'plain', undo: options.undo ?? null }
  // Ten returns in a row must not cover the places that they go back to: the newest is enough, but trouble stays
  // until it was seen. What is not shown any more can still be undone with Ctrl+Z, act by act.
  toasts.set((list) => [...list.filter((t) => t.tone === 'trouble'), toast].slice(-kept))
  if (options.undo) undoable.set((list) => [...list, toast].slice(-50))
  return id
}

/** Acts of this page that can be undone, the newest last; Ctrl+Z takes the last one. */
export const undoable = createStore<readonly Toast[]>([])

/** The newest act, taken off the list so that it cannot be undone twice; put back by {@link putBack}. */
export function takeUndo(id?: number): Toast | null {
  const list = undoable.get()
  const toast = id === undefined ? list.at(-1) : list.find((t) => t.id === id)
  if (!toast) return null
  undoable.set(list.filter((t) => t !== toast))
  dismissToast(toast.id)
  return toast
}

/** The undo failed: the act can still be undone. */
export function putBack(toast: Toast): void {
  undoable.set((list) => [...list, toast].sort((a, b) => a.id - b.id))
}
