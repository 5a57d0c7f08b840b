/** Frames of a serial module found in a stream of bytes. Pure; the rules of one family are data. */

export interface Framing {
  /** First byte of every frame; null where a frame begins with its length. */
  readonly start: number | null
  /** Big-endian. `adds` is what is to be added for the whole frame, rising; two where the direction decides. */
  readonly length: { readonly at: number; readonly bytes: 1 | 2; readonly adds: readonly number[] }
  readonly shortest: number
  readonly longest: number
  /** Check over the bytes from `from` up to the check itself. */
  readonly check: {
    readonly from: number
    readonly bytes: 1 | 2
    readonly order: 'high-first' | 'low-first'
    of(bytes: Uint8Array): number
  }
  /** Last byte, behind the check. */
  readonly end: number | null
}

export type Piece =
  | { readonly offset: number; readonly frame: Uint8Array }
  /** Bytes that are no frame: the first reason of the run. */
  | { readonly offset: number; readonly skipped: Uint8Array; readonly why: string }

type Look = { length: number } | 'wait' | { why: string }

/** A longer run of rubbish is told in pieces, so that it never fills the memory. */
const longestRun = 256

/**
 * Start and end bytes occur inside data, so a frame is cut by its length, then checked, then asked for its end byte;
 * on failure one byte is dropped and the search begins again (devices 3.5). Any split of the stream gives the same.
 */
export class FrameSearch {
  readonly #framing: Framing
  #buffer: Uint8Array = new Uint8Array(0)
  #offset = 0
  #run: { offset: number; bytes: number[]; why: string } | null = null

  constructor(framing: Framing) {
    this.#framing = framing
  }

  get pending() {
    return this.#buffer.length
  }
  push(chunk: Uint8Array): Piece[] {
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, chunk]) : chunk
    return this.#search(false)
  }
  /** The line fell silent or the stream ended: what is pending is no frame, but one may be hidden in it. */
  flush(): Piece[] {
    return this.#search(true)
  }

  #search(final: boolean): Piece[] {
    const found: Piece[] = []
    let at = 0
    while (at < this.#buffer.length) {
      const look = this.#look(at, final)
      if (look === 'wait') break
      if ('length' in look) {
        this.#tellRun(found)
        const frame = this.#buffer.slice(at, at + look.length)
        found.push({ offset: this.#offset + at, frame })
        at += look.length
      } else {
        this.#skip(at, look.why, found)
        at += 1
      }
    }
    if (final) this.#tellRun(found)
    this.#offset += at
    this.#buffer = this.#buffer.slice(at)
    return found
  }

  #skip(at: number, why: string, found: Piece[]) {
    this.#run ??= { offset: this.#offset + at, bytes: [], why }
    this.#run.bytes.push(this.#buffer[at] as number)
    if (this.#run.bytes.length >= longestRun) this.#tellRun(found)
  }
  #tellRun(found: Piece[]) {
    const run = this.#run
    this.#run = null
    if (run) found.push({ offset: run.offset, skipped: Uint8Array.from(run.bytes), why: run.why })
  }

  #look(at: number, final: boolean): Look {
    const { start, length, shortest, longest } = this.#framing
    const left = this.#buffer.length - at
    if (start !== null && this.#buffer[at] !== start) return { why: 'no start byte' }
    const half: Look = final ? { why: 'half a frame' } : 'wait'
    if (left < length.at + length.bytes) return half
    const value = this.#number(at + length.at, length.bytes, 'high-first')
    let why = 'impossible length'
    for (const adds of length.adds) {
      const whole = value + adds
      if (whole < shortest || whole > longest) continue
      if (left < whole) return half
      const wrong = this.#wrong(at, whole)
      if (wrong === null) return { length: whole }
      why = wrong
    }
    return { why }
  }

  #wrong(at: number, whole: number): string | null {
    const { check, end } = this.#framing
    const checkAt = at + whole - check.bytes - (end === null ? 0 : 1)
    const said = this.#number(checkAt, check.bytes, check.order)
    if (said !== check.of(this.#buffer.subarray(at + check.from, checkAt))) return 'wrong check'
    return end !== null && this.#buffer[at + whole - 1] !== end ? 'no end byte' : null
  }

  #number(at: number, bytes: 1 | 2, order: 'high-first' | 'low-first'): number {
    const [first, second] = [this.#buffer[at] as number, this.#buffer[at + 1] ?? 0]
    if (bytes === 1) return first
    return order === 'high-first' ? (first << 8) | second : (second << 8) | first
  }
}

/** Puts the check and the end byte behind a frame that is complete up to there. */
export function closed(framing: Framing, body: readonly number[]): Uint8Array {
  const { check, end } = framing
  const value = check.of(Uint8Array.from(body.slice(check.from)))
  const [high, low] = [value >>> 8, value & 0xff]
  const pair = check.order === 'high-first' ? [high, low] : [low, high]
  return Uint8Array.from([
    ...body,
    ...(check.bytes === 1 ? [low] : pair),
    ...(end === null ? [] : [end]),
  ])
}
