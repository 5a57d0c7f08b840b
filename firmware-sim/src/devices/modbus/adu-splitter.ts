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

/** The reply to `frame` that says no: its function with bit 7 set, and the code. */
export function refusal(frame: Buffer, code: number): Buffer {
  const answer = Buffer.from([...frame.subarray(0, 8), code])
  answer.writeUInt16BE(3, 4)
  answer[7] = (frame[7] as number) | 0x80
  return answer
}

/** Looks like a socket to jsmodbus: `data` carries exactly one frame. */
export class FramedSocket extends EventEmitter {
  readonly #socket: Socket
  readonly #other: (frame: Buffer) => Buffer | null
  #rest: Buffer = Buffer.alloc(0)

  /** @param other the answer to a frame that is not for jsmodbus */
  constructor(socket: Socket, other: (frame: Buffer) => Buffer | null = () => null) {
    super()
    this.#socket = socket
    this.#other = other
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
    for (const frame of cut.frames) {
      const answer = this.#other(frame)
      if (answer) this.write(answer)
      else this.emit('data', frame)
    }
  }
}
