/**
 * Cuts a TCP stream into whole Modbus frames. jsmodbus takes a write that has only half arrived for a shorter
 * one, and answers several requests of one segment in reverse order; fed one whole frame at a time it does neither.
 */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

const headerBytes = 7
const longest = 260

/** Whole frames of the stream so far and the rest; null when it cannot be Modbus TCP any more. */
export function splitAdus(buffer: Buffer): { frames: Buffer[]; rest: Buffer } | null {
  const frames: Buffer[] = []
  let rest = buffer
  while (rest.length >= headerBytes) {
    const length = rest.readUInt16BE(4)
    if (rest.readUInt16BE(2) !== 0 || length < 2 || length + 6 > longest) return null
    if (rest.length < length + 6) break
    frames.push(rest.subarray(0, length + 6))
    rest = rest.subarray(length + 6)
  }
  return { frames, rest }
}

/** Looks like a socket to jsmodbus: `data` carries exactly one frame. */
export class FramedSocket extends EventEmitter {
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('data', (chunk) => this.#take(chunk))
  }

  write(bytes: Buffer, flushed?: () => void): boolean {
    return this.#socket.writable && this.#socket.write(bytes, flushed)
  }

  #take(chunk: Buffer): void {
    const cut = splitAdus(Buffer.concat([this.#rest, chunk]))
    if (!cut) {
      this.#socket.destroy()
      return
    }
    this.#rest = cut.rest
    for (const frame of cut.frames) this.emit('data', frame)
  }
}
