/** JSON objects out of a stream of bytes: one a line, one behind the other, or as elements of arrays. Pure. */
import { JsonScanner } from './json-scanner.ts'

const newline = 0x0a
const openObject = 0x7b
const [openArray, closeArray, comma] = [0x5b, 0x5d, 0x2c]
const isSpace = (b: number) => b === 0x20 || b === 0x0a || b === 0x0d || b === 0x09

/** Offset and length in bytes of the stream. */
export type Piece = { offset: number; length: number } & ({ value: unknown } | { error: string })

/** `loose`: behind something broken, where separators prove nothing until the line ends. */
type Place = 'outside' | 'first' | 'element' | 'after' | 'loose'

interface Broken {
  offset: number
  why: string
}

export interface JsonStreamOptions {
  /** Whether this is a whole message: behind broken bytes an inner object of it must not be taken for one. */
  known(value: unknown): boolean
  /** A longer object is not waited for. */
  limitBytes: number
}

/** Any split of the bytes gives the same pieces. It never throws and never holds more than one object. */
export class JsonStream {
  readonly #o: JsonStreamOptions
  #bytes = Buffer.alloc(0)
  /** Offset in the stream of the first byte held. */
  #base = 0
  /** Next byte to look at, in what is held. */
  #at = 0
  #scanner: JsonScanner | null = null
  #start = 0
  #place: Place = 'outside'
  #arrayAt = 0
  #broken: Broken | null = null
  #out: Piece[] = []

  constructor(options: JsonStreamOptions) {
    this.#o = options
  }

  push(chunk: Uint8Array): Piece[] {
    this.#bytes =
      this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk])
    this.#run()
    const done = this.#scanner ? this.#start : this.#at
    this.#bytes = this.#bytes.subarray(done)
    this.#base += done
    this.#at -= done
    this.#start = 0
    return this.#out.splice(0)
  }

  end(): Piece[] {
    while (this.#scanner) {
      this.#fail('the stream ends within a message')
      this.#run()
    }
    this.#told(this.#base + this.#at)
    if (this.#place !== 'outside' && this.#place !== 'loose') this.#unclosed()
    return this.#out.splice(0)
  }

  #run() {
    while (this.#at < this.#bytes.length) {
      const b = this.#bytes[this.#at] ?? 0
      if (!this.#scanner) {
        this.#outside(b)
        continue
      }
      this.#at += 1
      const step = this.#scanner.step(b)
      if (step === 'done') this.#finish()
      else if (step === 'bad') this.#fail('not JSON')
      else if (this.#at - this.#start >= this.#o.limitBytes)
        this.#fail(`longer than ${this.#o.limitBytes} bytes`)
    }
  }

  #outside(b: number) {
    const offset = this.#base + this.#at
    if (b === openObject) {
      if (this.#place === 'after') this.#unclosed()
      this.#start = this.#at
      this.#scanner = new JsonScanner()
      return
    }
    this.#at += 1
    if (b === newline && this.#broken) {
      this.#told(offset)
      this.#place = 'outside'
    } else if (b === newline && this.#place === 'loose') this.#place = 'outside'
    else if (!isSpace(b) && !this.#broken && !this.#separates(b, offset))
      this.#broken = { offset, why: 'not JSON' }
  }

  /** Brackets and commas of an array around the messages. */
  #separates(b: number, offset: number): boolean {
    const p = this.#place
    if (p === 'loose') return b === comma || b === closeArray || b === openArray
    if (b === openArray) {
      if (p !== 'outside') this.#unclosed()
      this.#place = 'first'
      this.#arrayAt = offset
      return true
    }
    if (b === comma && p === 'after') this.#place = 'element'
    else if (b === closeArray && (p === 'after' || p === 'first')) this.#place = 'outside'
    else {
      this.#place = 'loose'
      return false
    }
    return true
  }

  #unclosed() {
    this.#out.push({ offset: this.#arrayAt, length: 1, error: 'an array that was not closed' })
    this.#place = 'outside'
  }

  #finish() {
    const bytes = this.#bytes.subarray(this.#start, this.#at)
    const value = parsed(bytes)
    if (value === undefined) return this.#fail('not JSON')
    if (this.#broken && !this.#o.known(value)) return this.#fail('not JSON')
    const offset = this.#base + this.#start
    const recovered = this.#broken !== null || this.#place === 'loose'
    this.#told(offset)
    this.#out.push({ offset, length: bytes.length, value })
    this.#scanner = null
    if (recovered) this.#place = 'loose'
    else if (this.#place !== 'outside') this.#place = 'after'
  }

  /** What began here is no message: the search goes on behind its first byte. */
  #fail(why: string) {
    this.#broken ??= { offset: this.#base + this.#start, why }
    this.#scanner = null
    this.#place = 'loose'
    this.#at = this.#start + 1
  }

  #told(end: number) {
    if (!this.#broken) return
    const { offset, why } = this.#broken
    this.#broken = null
    this.#out.push({ offset, length: end - offset, error: why })
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
