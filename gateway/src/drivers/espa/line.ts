import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { Connection } from '../link/connection.ts'
import { ack, type EspaPiece, EspaScanner, enq, eot, nak } from './frames.ts'

/** Characters of one message follow each other at once. */
const restMs = 1000

export interface EspaLineOptions {
  readonly clock: Clock
  readonly bad: BadFrames
  readonly role: 'polled' | 'polling'
  readonly ownAddress: string
  readonly panelAddress: string
  readonly pollMs: number
  /** Every call to our address wants a message to be taken: the panel never polls. */
  readonly selectOnly: boolean
  /** Seven bits and even parity, carried in eight. */
  readonly sevenBits: boolean
  /** The panel spoke to us as it should. */
  heard(): void
  block(body: Uint8Array): void
  badBlock(): void
}

/** One open line by the rules of ISO 1745: we say ACK, NAK, EOT and, where we poll, the poll. Nothing else exists here. */
export class EspaLine {
  readonly #connection: Connection
  readonly #o: EspaLineOptions
  readonly #scanner = new EspaScanner()
  #rest: Timer | null = null
  /** Another station has the line and is about to select somebody. */
  #selecting = false

  constructor(connection: Connection, options: EspaLineOptions) {
    this.#connection = connection
    this.#o = options
    connection.onEnd(() => this.#rest?.cancel())
    connection.listen((chunk) => this.#receive(chunk))
  }

  /** Until the connection ends. Where the panel polls, there is nothing to do but listen. */
  async run() {
    const { role, panelAddress, pollMs } = this.#o
    if (role === 'polled') return this.#connection.ended()
    while (this.#connection.alive) {
      // A message is on its way: it is let through, for one poll, since its end may be lost.
      if (!this.#selecting) this.#send([...Buffer.from(panelAddress), enq])
      this.#selecting = false
      await this.#connection.pause(millis(pollMs))
    }
  }

  #receive(chunk: Uint8Array) {
    const bytes = this.#o.sevenBits ? chunk.map((b) => b & 0x7f) : chunk
    for (const piece of this.#scanner.push(bytes)) this.#take(piece)
    this.#rest?.cancel()
    this.#rest = null
    if (this.#scanner.pending === 0) return
    this.#rest = this.#o.clock.after(millis(restMs), () => {
      for (const piece of this.#scanner.flush()) this.#take(piece)
    })
  }

  #take(piece: EspaPiece) {
    switch (piece.kind) {
      case 'enq':
        return this.#called(piece.address)
      case 'eot':
        this.#selecting = false
        // A station that has nothing to say answers our poll with it.
        if (this.#o.role === 'polling') this.#o.heard()
        return
      case 'block':
        this.#o.heard()
        this.#o.block(piece.body)
        return this.#send([ack])
      case 'badBlock':
        this.#o.bad.note(piece.body, piece.why)
        this.#o.badBlock()
        return this.#send([nak])
      case 'rubbish':
        return this.#o.bad.note(piece.body, piece.why)
      default:
    }
  }

  /** `1 ENQ 2 ENQ` selects 2 for a message of 1; `2 ENQ` alone asks 2 whether it has something to say. */
  #called(address: string) {
    const { ownAddress, role, selectOnly } = this.#o
    if (address !== ownAddress) {
      this.#selecting = true
      return
    }
    this.#o.heard()
    const selected = this.#selecting || selectOnly || role === 'polling'
    this.#selecting = role === 'polling'
    this.#send([selected ? ack : eot])
  }

  #send(bytes: readonly number[]) {
    this.#connection.write(Uint8Array.from(this.#o.sevenBits ? bytes.map(withParity) : bytes))
  }
}

/** The eighth bit makes the number of ones even. */
export function withParity(byte: number): number {
  let ones = 0
  for (let rest = byte & 0x7f; rest > 0; rest >>= 1) ones += rest & 1
  return (byte & 0x7f) | ((ones & 1) << 7)
}
