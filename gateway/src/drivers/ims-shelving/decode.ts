import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { decodeFrame, longestFrame } from './frames.ts'

const head = 'START*'
const tail = '*END'

/** Commands and answers, both directions mixed; words between frames are told as they stand, in pieces of a frame's length. */
class ImsDecoder implements StreamDecoder {
  #text = ''
  #offset = 0

  push(chunk: Uint8Array): Decoded[] {
    const out: Decoded[] = []
    for (const byte of chunk) {
      this.#text += String.fromCharCode(byte)
      this.#settle(out)
    }
    return out
  }

  end(): Decoded[] {
    const out: Decoded[] = []
    if (this.#text !== '') this.#giveUp(out, this.#text.length)
    return out
  }

  /** What stands there now: a whole frame, the beginning of one, or something that can no longer become one. */
  #settle(out: Decoded[]) {
    const at = this.#text.indexOf(head)
    if (at > 0) this.#giveUp(out, at)
    if (this.#text.startsWith(head)) {
      if (this.#text.endsWith(tail)) this.#frame(out)
      else if (this.#text.length >= longestFrame) this.#giveUp(out, this.#text.length)
    } else if (this.#text.length >= longestFrame) {
      // The last letters may be the beginning of a head.
      this.#giveUp(out, this.#text.length - head.length + 1)
    }
  }

  #frame(out: Decoded[]) {
    const frame = decodeFrame(this.#text)
    if (!frame) return this.#giveUp(out, this.#text.length)
    const length = this.#text.length
    out.push({ offset: this.#offset, length, message: { ...frame } })
    this.#forget(length)
  }
  #giveUp(out: Decoded[], length: number) {
    const error = `no frame: ${JSON.stringify(this.#text.slice(0, length))}`
    out.push({ offset: this.#offset, length, error })
    this.#forget(length)
  }
  #forget(length: number) {
    this.#text = this.#text.slice(length)
    this.#offset += length
  }
}

export const createDecoder: CreateDecoder = () => new ImsDecoder()
