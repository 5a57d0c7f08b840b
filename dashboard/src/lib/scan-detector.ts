/**
 * Tells a scanner from a hand, from nothing but keys and their times (ux 6). Pure: the caller brings the events.
 * Reads the physical key (`code`), because a Chinese IME turns `key` into "Process" and swallows letters.
 */
export interface Key {
  readonly code: string
  readonly key: string
  readonly shift: boolean
  readonly ctrl: boolean
  readonly alt: boolean
  readonly meta: boolean
  readonly repeat: boolean
  /** Monotonic milliseconds. */
  readonly at: number
}
export type ScanEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'scan'; readonly text: string; readonly path: 'prefix' | 'burst' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'altNumpad' }
export interface Answer {
  /** The page must never see this event. */
  readonly swallow: boolean
  readonly event: ScanEvent | null
}
export interface ScannerOptions {
  readonly prefix: string
  /** Longest pause between two keys of a bare burst; a hand needs 100 ms and more. */
  readonly gapMs: number
  readonly minLength: number
  /** A prefix with no Enter after this long is given up. */
  readonly giveUpMs: number
  readonly maxLength: number
}
export const scannerDefaults: ScannerOptions = {
  prefix: 'F9',
  gapMs: 60,
  minLength: 6,
  giveUpMs: 500,
  maxLength: 256,
}

const pass: Answer = { swallow: false, event: null }
const swallow: Answer = { swallow: true, event: null }

const shiftedDigits = ')!@#$%^&*('
const symbols: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backquote: ['`', '~'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Space: [' ', ' '],
  NumpadSubtract: ['-', '-'],
  NumpadAdd: ['+', '+'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
}

/** The character of a physical key on the US layout that the scanner is set to; null for a key that writes nothing. */
export function characterOf(code: string, shift: boolean, key: string): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return shift ? letter : letter.toLowerCase()
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1]
  if (digit) {
    return shift && code.startsWith('Digit') ? (shiftedDigits[Number(digit)] ?? null) : digit
  }
  const symbol = symbols[code]
  if (symbol) return symbol[shift ? 1 : 0]
  // Virtual keyboards give no code; then the key is all there is.
  return (code === '' || code === 'Unidentified') && key.length === 1 ? key : null
}

const modifiers = /^(Shift|Control|Alt|Meta|CapsLock|NumLock|Fn)/

export class ScanDetector {
  readonly #o: ScannerOptions
  #mode: 'idle' | 'burst' | 'prefix' = 'idle'
  #text = ''
  #last = 0
  #altDigits = 0
  #altTold = false
  #starts = 0

  constructor(options: ScannerOptions = scannerDefaults) {
    this.#o = options
  }

  /** True while everything that arrives belongs to a scan. */
  get capturing(): boolean {
    return this.#mode === 'prefix'
  }
  /** Rises with every key that may be a scan's first: the field must be remembered as it was before it. */
  get starts(): number {
    return this.#starts
  }
  /** When a capture that gets no further key is to be given up; null when nothing is captured. */
  get deadline(): number | null {
    return this.capturing ? this.#last + this.#o.giveUpMs : null
  }

  keydown(k: Key): Answer {
    const late = this.expire(k.at)
    const answer = this.#mode === 'prefix' ? this.#inPrefix(k) : this.#outside(k)
    return answer.event === null && late ? { ...answer, event: late } : answer
  }

  /** keyup, keypress, beforeinput…: swallowed while a scan with prefix runs. */
  other(): Answer {
    return this.capturing ? swallow : pass
  }

  /** Text that came without a usable key (Android): re-arms the burst as a key would. */
  text(data: string, at: number): void {
    if (this.#mode === 'prefix') this.#append(data, at)
    else if (this.#joins(at)) this.#append(data, at)
    else this.#start(data, at)
  }

  /** Gives up a capture that stopped arriving; the half code is dropped and reported, never typed. */
  expire(at: number): ScanEvent | null {
    if (this.#mode !== 'prefix' || at - this.#last <= this.#o.giveUpMs) return null
    const half = this.#text !== ''
    this.#reset()
    return half ? { kind: 'incomplete' } : null
  }

  #reset() {
    this.#mode = 'idle'
    this.#text = ''
  }
  #start(text: string, at: number) {
    this.#starts++
    this.#mode = 'burst'
    this.#text = text
    this.#last = at
  }
  #append(text: string, at: number) {
    this.#text = (this.#text + text).slice(0, this.#o.maxLength)
    this.#last = at
  }
  #joins(at: number): boolean {
    return this.#mode === 'burst' && at - this.#last <= this.#o.gapMs
  }

  #inPrefix(k: Key): Answer {
    if (k.code === 'Enter' || k.code === 'NumpadEnter' || k.key === 'Enter') {
      const text = this.#text
      this.#reset()
      return { swallow: true, event: text === '' ? null : { kind: 'scan', text, path: 'prefix' } }
    }
    const c = k.repeat ? null : characterOf(k.code, k.shift, k.key)
    if (c !== null) this.#append(c, k.at)
    else if (k.code === this.#o.prefix) this.#append('', k.at)
    return swallow
  }

  #outside(k: Key): Answer {
    if (k.code === this.#o.prefix && !k.ctrl && !k.alt && !k.meta) {
      this.#mode = 'prefix'
      this.#text = ''
      this.#starts++
      this.#last = k.at
      return { swallow: true, event: { kind: 'begin' } }
    }
    if (k.code === 'Enter' || k.code === 'NumpadEnter') return this.#enter(k)
    if (k.alt) return this.#alt(k)
    // A virtual keyboard tells no key; its text comes by `text`.
    if (modifiers.test(k.code) || k.key === 'Unidentified') return pass
    const c = k.ctrl || k.meta || k.repeat ? null : characterOf(k.code, k.shift, k.key)
    if (c === null) {
      this.#reset()
      return pass
    }
    if (this.#joins(k.at)) this.#append(c, k.at)
    else this.#start(c, k.at)
    return pass
  }

  #enter(k: Key): Answer {
    const text = this.#text
    const isScan = this.#joins(k.at) && text.length >= this.#o.minLength
    this.#reset()
    return isScan ? { swallow: true, event: { kind: 'scan', text, path: 'burst' } } : pass
  }

  #alt(k: Key): Answer {
    this.#altDigits =
      /^Numpad[0-9]$/.test(k.code) && k.at - this.#last <= this.#o.gapMs ? this.#altDigits + 1 : 0
    this.#last = k.at
    this.#mode = 'idle'
    this.#text = ''
    if (this.#altDigits < 4 || this.#altTold) return pass
    this.#altTold = true
    return { swallow: false, event: { kind: 'altNumpad' } }
  }
}
