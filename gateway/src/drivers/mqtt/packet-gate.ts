/** Lets whole MQTT packets through and keeps oversized ones out of the memory. Pure. */

const publish = 3
/** Enough of a packet to know its topic and its number, and to keep as evidence. */
const headBytes = 1024

export interface Oversized {
  topic: string
  /** Of the whole packet. */
  bytes: number
  /** Its first bytes behind the topic. */
  evidence: Uint8Array
  /** Number to acknowledge, for QoS 1; without an answer the broker would stop sending others. */
  packetId: number | null
}

type Part = { pass: Uint8Array } | { oversized: Oversized }

interface Skipped {
  left: number
  bytes: number
  first: number
  head: Buffer
}

/**
 * Cuts the stream from a broker into what may pass and what is too large. Throws when the stream is no MQTT: a
 * length of more than four bytes.
 */
export class PacketGate {
  readonly #limit: number
  /** Bytes of the present packet that still pass. */
  #passing = 0
  #header: number[] = []
  #skipped: Skipped | null = null

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  feed(chunk: Uint8Array): Part[] {
    const parts: Part[] = []
    let at = 0
    while (at < chunk.length) {
      const rest = chunk.subarray(at)
      if (this.#passing > 0) {
        const pass = rest.subarray(0, this.#passing)
        this.#passing -= pass.length
        parts.push({ pass })
        at += pass.length
      } else if (this.#skipped) at += this.#skip(this.#skipped, rest, parts)
      else {
        this.#header.push(rest[0] ?? 0)
        at += 1
        this.#judge(parts)
      }
    }
    return parts
  }

  /** Fixed header: type and flags, then a length of up to four bytes, seven bits each (MQTT 3.1.1, 2.2.3). */
  #judge(parts: Part[]) {
    const [first = 0, ...length] = this.#header
    const last = length.at(-1)
    if (last === undefined) return
    if (last >= 0x80) {
      if (length.length < 4) return
      throw new Error('what came is no MQTT')
    }
    const bytes = length.reduce((sum, b, i) => sum + (b & 0x7f) * 128 ** i, 0)
    const header = Uint8Array.from(this.#header)
    this.#header = []
    if (bytes <= this.#limit || first >> 4 !== publish) {
      if (bytes > this.#limit) throw new Error('the broker sent a packet of no use and no end')
      this.#passing = bytes
      parts.push({ pass: header })
    } else this.#skipped = { left: bytes, bytes, first, head: Buffer.alloc(0) }
  }

  #skip(s: Skipped, rest: Uint8Array, parts: Part[]): number {
    const part = rest.subarray(0, s.left)
    s.left -= part.length
    if (s.head.length < headBytes)
      s.head = Buffer.concat([s.head, part.subarray(0, headBytes - s.head.length)])
    if (s.left === 0) {
      this.#skipped = null
      parts.push({ oversized: describe(s) })
    }
    return part.length
  }
}

function describe({ head, bytes, first }: Skipped): Oversized {
  const topicEnd = 2 + head.readUInt16BE(0)
  const qos = (first >> 1) & 3
  const known = qos > 0 && head.length >= topicEnd + 2
  return {
    topic: head.subarray(2, topicEnd).toString('utf8'),
    bytes,
    evidence: head.subarray(topicEnd + (qos > 0 ? 2 : 0)),
    packetId: known ? head.readUInt16BE(topicEnd) : null,
  }
}

/** PUBACK for a packet that was not taken in. */
export const pubAck = (packetId: number): Uint8Array =>
  Uint8Array.of(0x40, 2, packetId >> 8, packetId & 0xff)
