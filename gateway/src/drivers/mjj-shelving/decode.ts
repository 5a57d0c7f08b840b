import type { CreateDecoder, Decoded, StreamDecoder } from '../decode.ts'
import { crc8, knownCrcs } from './crc8.ts'
import { columnStates, commandName, commands, type Found, framesOf, head } from './frames.ts'

/**
 * Datagrams one after another. Which CRC8 the controllers use is not known, so each frame names those in common use
 * that fit it: a capture of a few frames tells.
 */
class MjjDecoder implements StreamDecoder {
  #held: Uint8Array = new Uint8Array(0)
  #offset = 0
  /** Bytes that are no frame, not yet told: they may go on. */
  #gap: { offset: number; length: number; error: string } | null = null

  push(chunk: Uint8Array): Decoded[] {
    this.#held = Buffer.concat([this.#held, chunk])
    return this.#read(false)
  }
  end(): Decoded[] {
    const out = this.#read(true)
    if (this.#gap) out.push(this.#gap)
    this.#gap = null
    return out
  }

  /** A 55 near the end may begin a frame whose rest has not come: everything from there waits. */
  #read(atEnd: boolean): Decoded[] {
    const out: Decoded[] = []
    let used = 0
    for (const found of framesOf(this.#held)) {
      const waits = 'error' in found && !atEnd ? this.#waitingIn(found) : null
      const length = waits === null ? found.length : waits - found.offset
      if ('error' in found) this.#skip(found.offset, length, found.error)
      else {
        this.#flush(out)
        out.push(message(found, this.#offset))
      }
      used = found.offset + length
      if (waits !== null) break
    }
    this.#held = this.#held.subarray(used)
    this.#offset += used
    return out
  }

  /** The first place in a gap where a frame could still begin; null when there is none. */
  #waitingIn({ offset, length }: Found): number | null {
    for (let at = offset; at < offset + length; at++) {
      const counted = this.#held[at + 1]
      const open = counted === undefined || at + counted + 3 > this.#held.length
      if (this.#held[at] === head && open && (counted ?? 5) >= 5) return at
    }
    return null
  }

  #skip(at: number, length: number, error: string) {
    if (length === 0) return
    if (this.#gap) this.#gap.length += length
    else this.#gap = { offset: this.#offset + at, length, error }
  }
  #flush(out: Decoded[]) {
    if (this.#gap) out.push(this.#gap)
    this.#gap = null
  }
}

function message(found: Extract<Found, { frame: unknown }>, base: number): Decoded {
  const { type, zone, column, command, data } = found.frame
  const fits = Object.entries(knownCrcs).filter(([, c]) => crc8(found.covered, c) === found.crc)
  return {
    offset: base + found.offset,
    length: found.length,
    message: {
      type,
      zone,
      column,
      command: hex(command),
      name: commandName(command),
      data: Buffer.from(data).toString('hex'),
      ...meaning(command, data),
      crc: hex(found.crc),
      crcFits: fits.map(([name]) => name),
    },
  }
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0')

function meaning(command: number, data: Uint8Array): Record<string, unknown> {
  const reports: number[] = [commands.finished, commands.moving]
  if (reports.includes(command) && data.length > 0)
    return { state: columnStates[data[0] ?? -1] ?? null }
  if (command === commands.climate && data.length >= 4) {
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    return { temperature: view.getInt16(0) / 10, humidity: view.getUint16(2) / 10 }
  }
  return {}
}

export const createDecoder: CreateDecoder = () => new MjjDecoder()
