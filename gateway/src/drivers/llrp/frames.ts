/** LLRP messages on the wire: ten-byte header, then fields and parameters. Pure. Source: devices 3.2. */
import { ByteReader, ByteWriter, LlrpFormatError } from './bytes.ts'
import { type FieldMap, readValues, type Values, writeValues } from './fields.ts'
import { messageTable } from './message-table.ts'
import {
  nothingSkipped,
  type Parameter,
  readParameters,
  type Skipped,
  writeParameter,
} from './parameters.ts'

/** As the three bits of the header say it: 1 is LLRP 1.0.1, 2 is 1.1. Their layouts differ only by what 1.1 adds. */
export type Version = 1 | 2
export const isVersion = (n: number): n is Version => n === 1 || n === 2
export const headerLength = 10
export const longest = 1024 * 1024

type Table = typeof messageTable
export type MessageName = keyof Table
export type Message<N extends MessageName = MessageName> = {
  [P in N]: { name: P; id: number; values: Values<Table[P]['fields']>; params: Parameter[] }
}[N]

export type Decoded =
  | { kind: 'message'; version: Version; message: Message; skipped: Skipped }
  | { kind: 'wrong-version'; version: number; type: number; id: number }
  | { kind: 'unknown-type'; version: Version; type: number; id: number }
  | { kind: 'malformed'; why: string }

const names = Object.keys(messageTable) as MessageName[]
export const messageNames: ReadonlyMap<number, MessageName> = new Map(
  names.map((n) => [messageTable[n].type, n]),
)

export const message = <N extends MessageName>(
  name: N,
  id: number,
  values: Values<Table[N]['fields']>,
  params: Parameter[] = [],
): Message<N> => ({ name, id, values, params }) as Message<N>

export function encodeMessage(m: Message, version: Version = 1): Uint8Array {
  const shape: { type: number; fields: FieldMap } = messageTable[m.name]
  const w = new ByteWriter()
  w.uint(16, (version << 10) | shape.type)
  w.uint(32, 0)
  w.uint(32, m.id)
  writeValues(shape.fields, w, m.values)
  for (const p of m.params) writeParameter(w, p)
  w.patch(2, 32, w.length)
  return w.done()
}

/** Decodes one whole frame as `Framer` gives it. Never throws. `skipped` also keeps what is not known, where it has `kept`. */
export function decodeMessage(frame: Uint8Array, skipped = nothingSkipped()): Decoded {
  try {
    const r = new ByteReader(frame)
    const head = r.u16()
    const length = r.u32()
    const id = r.u32()
    const spoken = (head >> 10) & 7
    if (!isVersion(spoken))
      return { kind: 'wrong-version', version: spoken, type: head & 0x3ff, id }
    if (length !== frame.length) throw new LlrpFormatError(`length ${length} of ${frame.length}`)
    const name = messageNames.get(head & 0x3ff)
    if (!name) return { kind: 'unknown-type', version: spoken, type: head & 0x3ff, id }
    const values = readValues<FieldMap>(messageTable[name].fields, r)
    const params = readParameters(r, skipped)
    const message = { name, id, values, params } as Message
    return { kind: 'message', version: spoken, message, skipped }
  } catch (error) {
    if (error instanceof LlrpFormatError) return { kind: 'malformed', why: error.message }
    throw error
  }
}

/**
 * Cuts a stream into frames, however it was split or merged. A length below 10 or above 1 MiB is a
 * LlrpFormatError: there is no way to find the next frame, and nothing is kept for it.
 */
export class Framer {
  #buffer = new Uint8Array(4096)
  #length = 0

  /** Frames that `chunk` completed, in order. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#append(chunk)
    const frames: Uint8Array[] = []
    let at = 0
    for (;;) {
      const length = this.#frameLength(at)
      if (length === null || this.#length - at < length) break
      frames.push(this.#buffer.slice(at, at + length))
      at += length
    }
    this.#buffer.copyWithin(0, at, this.#length)
    this.#length -= at
    return frames
  }

  /** Bytes of a frame that is not whole yet: evidence when the stream is given up. */
  get pending(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  #frameLength(at: number): number | null {
    if (this.#length - at < 6) return null
    const length = new DataView(this.#buffer.buffer).getUint32(at + 2)
    if (length < headerLength || length > longest)
      throw new LlrpFormatError(`message of ${length} bytes`)
    return length
  }

  #append(chunk: Uint8Array) {
    const wanted = this.#length + chunk.length
    if (wanted > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(wanted, this.#buffer.length * 2))
      larger.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = larger
    }
    this.#buffer.set(chunk, this.#length)
    this.#length = wanted
  }
}
