import type { Clock } from '@lantai/contracts'

/** A page joins eight rooms and says little more; this is a page that is clicked through in a hurry. */
const burst = 120
const perSecond = 10
/** Each asks the database who is there, before anybody is known to be anybody. */
const connects = 5

interface Packet {
  type: string
  data?: unknown
}

/**
 * What one connection may say before it is put out: a burst, then a trickle. Counted below socket.io, so that packets
 * that it answers by itself, or queues, are counted too.
 */
export class ConnectionBudget {
  readonly #clock: Pick<Clock, 'mono'>
  #left = burst
  #connects = connects
  #at: number

  constructor(clock: Pick<Clock, 'mono'>) {
    this.#clock = clock
    this.#at = clock.mono()
  }

  /** False when this packet is one too many. */
  take(packet: Packet): boolean {
    const now = this.#clock.mono()
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    // socket.io's CONNECT, of whichever namespace.
    if (packet.type === 'message' && String(packet.data).startsWith('0')) this.#connects--
    this.#left--
    return this.#left >= 0 && this.#connects >= 0
  }
}
