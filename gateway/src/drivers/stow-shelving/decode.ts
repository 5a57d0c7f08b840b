import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { decodeReply, replyBytes, replyFault } from './frames.ts'

/** Replies of the PLC, twenty bytes each. What is none is skipped byte by byte up to the next twenty that may be one. */
class StowDecoder implements StreamDecoder {
  #held: Uint8Array = new Uint8Array(0)
  #offset = 0
  /** Bytes already given up before `#held`, and why the first of them was. */
  #skipped = 0
  #why = ''

  push(chunk: Uint8Array): Decoded[] {
    const out: Decoded[] = []
    let bytes: Uint8Array = Buffer.concat([this.#held, chunk])
    while (bytes.length >= replyBytes) {
      const frame = bytes.subarray(0, replyBytes)
      const fault = replyFault(frame)
      if (fault) this.#skip(fault)
      else {
        this.#flush(out)
        const message = { ...decodeReply(frame) }
        out.push({ offset: this.#offset, length: replyBytes, message })
        this.#offset += replyBytes
      }
      bytes = bytes.subarray(fault ? 1 : replyBytes)
    }
    this.#held = Uint8Array.from(bytes)
    return out
  }

  end(): Decoded[] {
    const out: Decoded[] = []
    if (this.#held.length > 0 && this.#skipped === 0) this.#why = 'half a reply'
    this.#skipped += this.#held.length
    this.#offset += this.#held.length
    this.#held = new Uint8Array(0)
    this.#flush(out)
    return out
  }

  #skip(why: string) {
    if (this.#skipped === 0) this.#why = why
    this.#skipped += 1
    this.#offset += 1
  }
  #flush(out: Decoded[]) {
    if (this.#skipped === 0) return
    out.push({ offset: this.#offset - this.#skipped, length: this.#skipped, error: this.#why })
    this.#skipped = 0
  }
}

export const createDecoder: CreateDecoder = () => new StowDecoder()
