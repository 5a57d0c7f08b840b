/** LLRP of one direction, or both mixed, as JSON: `npm run decode -- llrp FILE`. Pure. */
import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { decodeMessage, headerLength, isVersion, longest, messageNames } from './frames.ts'
import { nothingSkipped } from './parameters.ts'
import { readable } from './readable.ts'

const reservedBits = 0xe0

/** The ten bytes begin a message that we know, in a version that we know. */
function plausible(b: Uint8Array, at: number): boolean {
  if (((b[at] ?? 0xff) & reservedBits) !== 0) return false
  const view = new DataView(b.buffer, b.byteOffset + at, headerLength)
  const head = view.getUint16(0)
  const length = view.getUint32(2)
  return (
    isVersion((head >> 10) & 7) &&
    messageNames.has(head & 0x3ff) &&
    length >= headerLength &&
    length <= longest
  )
}

/**
 * Bytes that are no message become one error up to the next plausible header. A message that cannot be read is
 * an error of its own length where another header follows it, else its length is not believed either.
 */
class LlrpDecoder implements StreamDecoder {
  #bytes = new Uint8Array(4096)
  #length = 0
  /** Of the first byte held, in the stream. */
  #offset = 0
  /** Bytes being passed over, and why; they are counted, not held. */
  #lost: { from: number; why: string } | null = null

  push(chunk: Uint8Array): Decoded[] {
    this.#append(chunk)
    return this.#read(false)
  }
  end(): Decoded[] {
    return this.#read(true)
  }

  #append(chunk: Uint8Array) {
    const wanted = this.#length + chunk.length
    if (wanted > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(wanted, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = wanted
  }

  #read(final: boolean): Decoded[] {
    const out: Decoded[] = []
    const bytes = this.#bytes.subarray(0, this.#length)
    let at = 0
    while (at < bytes.length) {
      const step = this.#step(bytes, at, final, out)
      if (step === 0) break
      at += step
      this.#offset += step
    }
    this.#bytes.copyWithin(0, at, this.#length)
    this.#length -= at
    if (final) this.#found(out)
    return out
  }

  /** How many bytes were understood or passed over; 0 waits for more. */
  #step(bytes: Uint8Array, at: number, final: boolean, out: Decoded[]): number {
    const left = bytes.length - at
    if (left < headerLength) {
      if (!final) return 0
      return this.#pass(left, `half a header: ${left} of ${headerLength} bytes`)
    }
    if (!plausible(bytes, at)) {
      // Said once for a stretch of noise, not for each of its bytes.
      return this.#pass(1, this.#lost?.why ?? unlikely(bytes, at))
    }
    const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(2)
    // A message in the middle of which the stream ends may be a number in noise that looks like a header.
    if (left < length)
      return final ? this.#pass(1, `half a message: ${left} of ${length} bytes`) : 0
    const skipped = { ...nothingSkipped(), kept: new Map() }
    const decoded = decodeMessage(bytes.subarray(at, at + length), skipped)
    if (decoded.kind === 'message') {
      this.#found(out)
      out.push({ offset: this.#offset, length, message: readable(decoded, skipped.kept) })
      return length
    }
    const why = decoded.kind === 'malformed' ? decoded.why : decoded.kind
    if (!final && left < length + headerLength) return 0
    const follows =
      left === length || (left >= length + headerLength && plausible(bytes, at + length))
    if (!follows) return this.#pass(1, why)
    this.#found(out)
    out.push({ offset: this.#offset, length, error: why })
    return length
  }

  #pass(count: number, why: string): number {
    this.#lost ??= { from: this.#offset, why }
    return count
  }
  /** The end of what was passed over. */
  #found(out: Decoded[]) {
    if (!this.#lost) return
    const { from, why } = this.#lost
    out.push({ offset: from, length: this.#offset - from, error: why })
    this.#lost = null
  }
}

function unlikely(bytes: Uint8Array, at: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, headerLength)
  const head = view.getUint16(0)
  const length = view.getUint32(2)
  if (head >> 13 !== 0) return 'no header: its first three bits are not zero'
  if (!isVersion((head >> 10) & 7)) return `no header: LLRP version ${(head >> 10) & 7}`
  if (length < headerLength || length > longest) return `no header: a message of ${length} bytes`
  return `no header: message type ${head & 0x3ff}`
}

export const createLlrpDecoder: CreateDecoder = () => new LlrpDecoder()
