/**
 * Keyboard shortcuts. Letters wait until a scan is ruled out and are off inside fields; F8 works everywhere. Every
 * binding carries its label, so that the list under `?` is never out of date. No shortcut may start motion.
 */
import { useEffect, useRef } from 'react'
import { createStore } from './store.ts'

export interface KeyBinding {
  /** `a`, `/`, `Shift+A`, `Alt+U`, `F8`, `Escape`, `Ctrl+Z`, `ArrowUp`, or a sequence `g 1`. */
  readonly keys: string
  /** Shown under `?`; leave out to keep it off the list. */
  readonly label?: string
  readonly inFields?: boolean
  /** Returns false to let the key through to the page. */
  readonly run: (e: KeyboardEvent) => unknown
}
export interface KeyScope {
  readonly title: string
  readonly bindings: readonly KeyBinding[]
}

/** A scanner's next key comes within this; a shortcut that waits longer is a person's. */
export const ruleOutMs = 60
const sequenceMs = 1500

export const keyScopes = createStore<readonly { current: KeyScope }[]>([])

const physical = /^(?:Key([A-Z])|Digit([0-9]))$/
const symbols: Readonly<Record<string, readonly [string, string]>> = {
  Slash: ['/', '?'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
}

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>

/** The character, or the physical key where an IME or Alt hides it. */
function nameOf(e: Press): string {
  const [, letter, digit] = physical.exec(e.code) ?? []
  if (letter)
    return e.shiftKey || e.altKey || e.ctrlKey || e.metaKey ? letter : letter.toLowerCase()
  if (digit && !e.shiftKey) return digit
  const hidden = e.key.length !== 1 || e.altKey
  return hidden ? (symbols[e.code]?.[e.shiftKey ? 1 : 0] ?? e.key) : e.key
}

/** `Shift+A`, `Alt+U`, `Ctrl+Z`, `/`, `?`, `Escape` of an event. */
export function chordOf(e: Press): string {
  const name = nameOf(e)
  const shift = e.shiftKey && (/^[A-Z]$/.test(name) || name.length > 1)
  return `${e.ctrlKey || e.metaKey ? 'Ctrl+' : ''}${e.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`
}

export const isPrintable = (chord: string): boolean => /^(Shift\+)?.$/.test(chord)

export function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

let waiting: ReturnType<typeof setTimeout> | undefined
let lastPrintable = Number.NEGATIVE_INFINITY
let lead: { keys: string; at: number } | null = null

function candidates(chord: string, e: KeyboardEvent): KeyBinding[] {
  const field = inField(e.target)
  return [...keyScopes.get()]
    .reverse()
    .flatMap((s) => s.current.bindings)
    .filter((b) => b.keys === chord && (!field || b.inFields === true))
}

/** Runs the first binding that does not pass; the newest scope is asked first. */
const fire = (list: readonly KeyBinding[], e: KeyboardEvent): boolean =>
  list.some((b) => b.run(e) !== false)

const isLead = (chord: string) =>
  keyScopes.get().some((s) => s.current.bindings.some((b) => b.keys.startsWith(`${chord} `)))

function printable(chord: string, e: KeyboardEvent) {
  const joined = e.timeStamp - lastPrintable <= ruleOutMs
  lastPrintable = e.timeStamp
  clearTimeout(waiting)
  if (joined || inField(e.target)) {
    lead = null
    return
  }
  const sequence = lead && e.timeStamp - lead.at < sequenceMs ? `${lead.keys} ${chord}` : chord
  lead = null
  const list = candidates(sequence, e)
  if (list.length > 0) e.preventDefault()
  waiting = setTimeout(() => {
    if (fire(list, e)) return
    if (isLead(chord)) lead = { keys: chord, at: e.timeStamp }
  }, ruleOutMs)
}

function onKey(e: KeyboardEvent) {
  if (e.defaultPrevented || e.repeat) return
  const chord = chordOf(e)
  if (isPrintable(chord)) return printable(chord, e)
  clearTimeout(waiting)
  if (fire(candidates(chord, e), e)) e.preventDefault()
}

/** A scan arrived: whatever letter was waiting belonged to it. */
export function dropWaitingKeys(): void {
  clearTimeout(waiting)
  lead = null
}

/** Called once; every shortcut of the product hangs on this one listener. */
export function startKeys(): () => void {
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

/** Registers shortcuts while mounted. `title` heads them in the key list. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const scope = useRef<KeyScope>({ title, bindings })
  useEffect(() => {
    scope.current = { title, bindings }
  })
  useEffect(() => {
    keyScopes.set((list) => [...list, scope])
    return () => keyScopes.set((list) => list.filter((s) => s !== scope))
  }, [])
}
