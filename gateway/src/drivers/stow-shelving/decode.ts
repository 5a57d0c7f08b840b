import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { decodeReply, decodeRequest, replyBytes, replyFault, requestBytes } from './frames.ts'

const hex = (byte = 0) => byte.toString(16).padStart(2, '0')
/** A request that nobody answered, a different one, and the echo of that one. */
const isRequestTwice = (b: Uint8Array): boolean =>
  (b[2] !== b[0] || b[3] !== b[1]) &&
  b[4] === b[2] &&
  b[5] === b[3] &&
  decodeRequest(b.subarray(0, 2)) !== null &&
  decodeRequest(b.subarray(2, 4)) !== null
type Kind = 'request' | 'reply' | 'more'

/**
 * What the line carries, both ways or the replies alone: requests of two bytes, replies of twenty that begin with the
 * request again. What is neither is skipped byte by byte up to the next twenty that may be a reply.
 */
class StowDecoder implements StreamDecoder {
  #held: Uint8Array = new Uint8Array(0)
  #offset = 0
  /** Bytes already given up before `#held`, and why the first of them was. */
  #skipped = 0
  #why = ''
  /** A request that nobody has answered yet stands before `#held`. */
  #isAsked = false
  /** The request at the beginning of `#held` is followed by another. */
  #isGivenUp = false
  /** Of the last reply: what tells an answer from a request before one. */
  #version: string | null = null

  push(chunk: Uint8Array): Decoded[] {
    const out: Decoded[] = []
    this.#read(Buffer.concat([this.#held, chunk]), false, out)
    return out
  }

  end(): Decoded[] {
    const out: Decoded[] = []
    this.#read(this.#held, true, out)
    if (this.#held.length > 0 && this.#skipped === 0) this.#why = 'half a reply'
    this.#skipped += this.#held.length
    this.#offset += this.#held.length
    this.#held = new Uint8Array(0)
    this.#flush(out)
    return out
  }

  #read(from: Uint8Array, isLast: boolean, out: Decoded[]) {
    let bytes = from
    for (;;) {
      const kind = this.#kindOf(bytes, isLast)
      if (kind === 'more') break
      if (kind === 'request') this.#request(bytes, out)
      else if (kind === 'reply') this.#reply(bytes, out)
      else this.#skip(kind.fault)
      const used = kind === 'request' ? requestBytes : kind === 'reply' ? replyBytes : 1
      bytes = bytes.subarray(used)
    }
    this.#held = Uint8Array.from(bytes)
  }

  /** What begins here. A request and its reply begin alike, and there is no checksum: the bytes behind it tell. */
  #kindOf(b: Uint8Array, isLast: boolean): Kind | { fault: string } {
    if (isLast && b.length === requestBytes && decodeRequest(b)) return 'request'
    // Of a reply these are the version: nearly always another, and then nothing more is looked at.
    const request = b[2] === b[0] && b[3] === b[1] ? decodeRequest(b.subarray(0, 2)) : null
    const isTwice = isRequestTwice(b)
    const before = isTwice ? 2 * requestBytes : request ? requestBytes : 0
    const wanted = isLast ? replyBytes : before + replyBytes
    if (b.length < wanted) return 'more'
    if (isTwice && this.#isAnswer(b.subarray(2 * requestBytes, 2 * requestBytes + replyBytes))) {
      // The one here gets no answer any more; what is behind it is the next request.
      this.#isGivenUp = true
      return 'request'
    }
    if (request) {
      const behind = b.subarray(requestBytes, requestBytes + replyBytes)
      if (replyFault(behind) === null && this.#isFirst(request.asks, behind)) return 'request'
    }
    const fault = replyFault(b.subarray(0, replyBytes))
    return fault === null ? 'reply' : { fault }
  }

  /** What stands behind two requests: a reply, of the version of the one before where there was one. */
  #isAnswer(b: Uint8Array): boolean {
    if (replyFault(b) !== null) return false
    return this.#version === null || decodeReply(b).version === this.#version
  }

  /** `0002 0002` is asked and answered: no software is version 0.2. `0301 0301` may be an answer of version 3.1. */
  #isFirst(asks: 'status' | 'open', answer: Uint8Array): boolean {
    if (asks === 'status') return true
    if (this.#version === null) return !this.#isAsked
    return decodeReply(answer).version === this.#version
  }

  #request(bytes: Uint8Array, out: Decoded[]) {
    this.#flush(out)
    const message = { type: 'request', ...decodeRequest(bytes.subarray(0, requestBytes)) }
    out.push({ offset: this.#offset, length: requestBytes, message })
    this.#offset += requestBytes
    this.#isAsked = !this.#isGivenUp
    this.#isGivenUp = false
  }

  #reply(bytes: Uint8Array, out: Decoded[]) {
    this.#flush(out)
    const frame = bytes.subarray(0, replyBytes)
    const reply = decodeReply(frame)
    const echo = `${hex(frame[0])}${hex(frame[1])}`
    out.push({
      offset: this.#offset,
      length: replyBytes,
      message: { type: 'reply', echo, ...reply },
    })
    this.#offset += replyBytes
    this.#isAsked = false
    this.#version = reply.version
  }

  #skip(why: string) {
    if (this.#skipped === 0) this.#why = why
    this.#skipped += 1
    this.#offset += 1
    this.#isAsked = false
  }
  #flush(out: Decoded[]) {
    if (this.#skipped === 0) return
    out.push({ offset: this.#offset - this.#skipped, length: this.#skipped, error: this.#why })
    this.#skipped = 0
  }
}

export const createDecoder: CreateDecoder = () => new StowDecoder()
