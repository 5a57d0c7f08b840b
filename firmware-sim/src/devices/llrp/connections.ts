/** Who may talk to the reader: one client, and what happens to the others and to the dead. */
import type { Socket } from 'node:net'
import type { Clock } from '@lantai/contracts'
import { ByteWriter } from './bytes.ts'
import { encodeMessage, m, splitMessages } from './messages.ts'
import type { LlrpReader } from './reader.ts'

/** ConnectionAttemptEvent: a client-initiated connection already exists; another client tried. */
const alreadyConnected = 2
const anotherTried = 4

export class Connections {
  readonly #clock: Clock
  #client: Socket | null = null
  #heldUntil = 0
  /** After a crash of its client the reader believes for this long that it is still there (sllurp/sllurp#174). */
  staleMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  send(bytes: Buffer): void {
    if (this.#client?.writable) this.#client.write(bytes)
  }

  hangUp(): void {
    this.#client?.end()
  }

  accept(socket: Socket, reader: LlrpReader): void {
    const held = this.#clock.mono() < this.#heldUntil
    if (this.#client || held) {
      socket.end(connectionEvent(this.#clock, alreadyConnected))
      if (this.#client) reader.out.connectionEvent(anotherTried)
      return
    }
    this.#client = socket
    let rest: Buffer = Buffer.alloc(0)
    const release = () => {
      if (this.#client !== socket) return false
      this.#client = null
      reader.disconnect()
      return true
    }
    socket.on('data', (chunk: Buffer) => {
      if (this.#client !== socket) return
      const cut = splitMessages(Buffer.concat([rest, chunk]))
      // TCP cannot be resynchronised (devices 3.2).
      if (!cut) {
        socket.destroy()
        return
      }
      rest = cut.rest
      for (const message of cut.messages) {
        reader.handle(message)
        // Answered is closed: the next client need not wait for the last byte of TCP.
        if (message.type === m.closeConnection) release()
      }
    })
    socket.once('close', () => {
      if (release() && this.staleMs > 0) this.#heldUntil = this.#clock.mono() + this.staleMs
    })
    reader.connect()
  }

  /** A held connection is let go of. */
  heal(): void {
    this.staleMs = 0
    this.#heldUntil = 0
  }
}

function connectionEvent(clock: Clock, result: number): Buffer {
  const w = new ByteWriter().tlv(246, (data) => {
    data.tlv(128, (t) => t.u64(BigInt(Math.round(clock.now() * 1000))))
    data.tlv(256, (p) => p.u16(result))
  })
  return encodeMessage(m.event, 1, w.done())
}
