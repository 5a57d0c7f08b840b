import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { type EspaPiece, EspaScanner, readBlock, recordNames } from './frames.ts'

/** Names of known records; others by their number, several of one kind one behind the other. */
function told(piece: EspaPiece): Decoded {
  const { offset, length } = piece
  if (piece.kind === 'rubbish' || piece.kind === 'badBlock')
    return { offset, length, error: piece.why }
  if (piece.kind !== 'block')
    return { offset, length, message: { type: piece.kind, address: piece.address } }
  const message = readBlock(piece.body, 'windows-1252')
  if (!message) return { offset, length, error: 'a block without text' }
  const records = message.records.map((r) => ({ record: recordNames[r.id] ?? r.id, text: r.text }))
  return { offset, length, message: { type: 'block', header: message.header, records } }
}

class EspaDecoder implements StreamDecoder {
  readonly #scanner = new EspaScanner()
  push(chunk: Uint8Array): Decoded[] {
    return this.#scanner.push(chunk).map(told)
  }
  end(): Decoded[] {
    return this.#scanner.flush().map(told)
  }
}

/** Both directions of a line, mixed. */
export const espaDecoder: CreateDecoder = () => new EspaDecoder()
