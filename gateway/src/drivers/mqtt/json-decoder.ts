import type { CreateDecoder, Decoded } from '../decode.ts'
import { isObject, type Json } from './json.ts'
import { JsonStream, type Piece } from './json-stream.ts'
import type { Said } from './said.ts'

const limitBytes = 64 * 1024

export interface JsonProtocol {
  /** Whether it looks like a message of the protocol at all. */
  known(value: Json): boolean
  /** What the driver would take from it. */
  understand(value: Json): Said
}

/** Decoder of a maker's JSON: every field of a message as it came, and beside it what we read in it. */
export const jsonDecoder =
  ({ known, understand }: JsonProtocol): CreateDecoder =>
  () => {
    const stream = new JsonStream({ known: (v) => isObject(v) && known(v), limitBytes })
    const decoded = (piece: Piece): Decoded => {
      const { offset, length } = piece
      if ('error' in piece) return { offset, length, error: piece.error }
      if (!isObject(piece.value) || !known(piece.value))
        return { offset, length, error: 'JSON of an unknown shape' }
      const { reads, bad } = understand(piece.value)
      if (bad.length > 0) return { offset, length, error: bad.join('; ') }
      const [read] = reads
      return { offset, length, message: { ...piece.value, ...(read ? { read } : {}) } }
    }
    return {
      push: (chunk) => stream.push(chunk).map(decoded),
      end: () => stream.end().map(decoded),
    }
  }
