/**
 * Scanner capture for the page: keys in the capture phase of the window, before any field. A code never stays in
 * a field and never fires a shortcut; the field under it is as it was (ux 6).
 */
import { useEffect, useRef } from 'react'
import { type Answer, type Key, ScanDetector, type ScanEvent } from './scan-detector.ts'

export interface Scan {
  readonly text: string
  readonly path: 'prefix' | 'burst'
}
/** Returns true when it took the code. */
export type ScanHandler = (scan: Scan) => boolean

type Editable = HTMLInputElement | HTMLTextAreaElement
const writes = /^(text|search|tel|url|email|password|number|)$/
export const editableOf = (target: unknown): Editable | null => {
  if (target instanceof HTMLTextAreaElement) return target
  return target instanceof HTMLInputElement && writes.test(target.type) ? target : null
}

interface Snapshot {
  readonly element: Editable
  readonly value: string
  readonly start: number | null
  readonly end: number | null
}
const snapshotOf = (e: Editable | null): Snapshot | null =>
  e && { element: e, value: e.value, start: e.selectionStart, end: e.selectionEnd }

/** Sets the value as a person would have, so that React sees it too. */
function write(element: Editable, value: string) {
  const proto = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement
  Object.getOwnPropertyDescriptor(proto.prototype, 'value')?.set?.call(element, value)
  element.dispatchEvent(new Event('input', { bubbles: true }))
}

function restore(s: Snapshot) {
  if (!s.element.isConnected) return
  if (s.element.value !== s.value) {
    // Ends a composition that the scanner's letters began.
    s.element.blur()
    write(s.element, s.value)
  }
  s.element.focus({ preventScroll: true })
  if (s.start !== null) s.element.setSelectionRange(s.start, s.end)
}

export interface ScannerHooks {
  onScan(scan: Scan): void
  onTrouble(kind: 'incomplete' | 'altNumpad'): void
}

/** One per page. `attach` returns the function that detaches it. */
export class ScannerCapture {
  readonly #detector: ScanDetector
  readonly #hooks: ScannerHooks
  #before: Snapshot | null = null
  #sink: HTMLElement | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(hooks: ScannerHooks, detector = new ScanDetector()) {
    this.#hooks = hooks
    this.#detector = detector
  }

  attach(target: Window): () => void {
    const down = (e: KeyboardEvent) => this.#down(e)
    const other = (e: Event) => this.#other(e)
    const input = (e: Event) => this.#input(e as InputEvent)
    const others = [
      'keyup',
      'keypress',
      'beforeinput',
      'compositionstart',
      'compositionupdate',
      'paste',
    ]
    target.addEventListener('keydown', down, true)
    for (const name of others) target.addEventListener(name, other, true)
    target.addEventListener('input', input, true)
    return () => {
      target.removeEventListener('keydown', down, true)
      for (const name of others) target.removeEventListener(name, other, true)
      target.removeEventListener('input', input, true)
      clearTimeout(this.#timer)
    }
  }

  #down(e: KeyboardEvent) {
    const starts = this.#detector.starts
    // Before the key has written anything.
    const field = snapshotOf(editableOf(document.activeElement))
    const answer = this.#detector.keydown(keyOf(e))
    if (this.#detector.starts !== starts) this.#before = field
    this.#apply(e, answer)
    this.#arm()
  }

  #other(e: Event) {
    if (this.#detector.other().swallow) stop(e)
  }

  /** Text that came without a usable key: the field was remembered at its keydown. */
  #input(e: InputEvent) {
    if (!this.#unidentified || !e.data) return
    const starts = this.#detector.starts
    this.#detector.text(e.data, e.timeStamp)
    if (this.#detector.starts !== starts) this.#before = this.#beforeText
  }
  #unidentified = false
  #beforeText: Snapshot | null = null

  #apply(e: KeyboardEvent, answer: Answer) {
    this.#unidentified = e.key === 'Unidentified'
    if (this.#unidentified) this.#beforeText = snapshotOf(editableOf(document.activeElement))
    if (answer.swallow) stop(e)
    if (answer.event) this.#tell(answer.event)
  }

  #tell(event: ScanEvent) {
    if (event.kind === 'begin') return this.#divert()
    if (event.kind === 'altNumpad') return this.#hooks.onTrouble('altNumpad')
    this.#putBack()
    if (event.kind === 'incomplete') return this.#hooks.onTrouble('incomplete')
    return this.#hooks.onScan({ text: event.text, path: event.path })
  }

  /** Moves focus to something that cannot be edited, so that an IME has nothing to compose in. */
  #divert() {
    if (!this.#before) return
    this.#sink ??= document.body.appendChild(sinkElement())
    this.#sink.focus({ preventScroll: true })
  }

  #putBack() {
    const before = this.#before
    this.#before = null
    if (before) restore(before)
  }

  #arm() {
    clearTimeout(this.#timer)
    const at = this.#detector.deadline
    if (at === null) return
    this.#timer = setTimeout(
      () => {
        const event = this.#detector.expire(performance.now() + 1)
        this.#putBack()
        if (event) this.#tell(event)
      },
      Math.max(1, at - performance.now()),
    )
  }
}

const keyOf = (e: KeyboardEvent): Key => ({
  code: e.code,
  key: e.key,
  shift: e.shiftKey,
  ctrl: e.ctrlKey,
  alt: e.altKey,
  meta: e.metaKey,
  repeat: e.repeat,
  at: e.timeStamp,
})
const stop = (e: Event) => {
  e.preventDefault()
  e.stopImmediatePropagation()
}
function sinkElement(): HTMLElement {
  const e = document.createElement('div')
  e.tabIndex = -1
  e.className = 'sr-only'
  e.setAttribute('aria-hidden', 'true')
  return e
}

// ---------------------------------------------------------------- who gets the code

const handlers: { handler: ScanHandler; session: boolean }[] = []

/** Offers a code to the running session first, then to the rest, newest first. False: nobody took it. */
export function offerScan(scan: Scan): boolean {
  const newestFirst = [...handlers].reverse()
  const ordered = [
    ...newestFirst.filter((h) => h.session),
    ...newestFirst.filter((h) => !h.session),
  ]
  return ordered.some((h) => h.handler(scan))
}

/**
 * Takes scans while mounted. With `session` it comes before every handler without (a lending act before the search
 * field). The handler returns true when the code was meant for it.
 */
export function useScan(handler: ScanHandler, options: { session?: boolean } = {}): void {
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  const session = options.session ?? false
  useEffect(() => {
    const entry = { handler: (s: Scan) => latest.current(s), session }
    handlers.push(entry)
    return () => {
      handlers.splice(handlers.indexOf(entry), 1)
    }
  }, [session])
}
