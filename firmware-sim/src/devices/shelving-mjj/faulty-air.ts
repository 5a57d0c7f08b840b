/** Datagrams on a bad network: dropped, doubled, late, in another order, merged, cut in half. */
import type { RemoteInfo } from 'node:dgram'
import { ms, systemClock } from '../../system-clock.ts'
import type { DatagramFault, DeviceFault } from '../messages.ts'

/** Beyond a look, within the protocol's own window of three seconds. */
const lateMs = 900
/** What is held back for company leaves alone after this. */
const companyMs = 40

type Send = (bytes: Uint8Array, to: RemoteInfo) => void

export class FaultyAir {
  readonly #send: Send
  #fault: DatagramFault | null = null
  #left = 0
  #mute = false
  #held: { bytes: Uint8Array; to: RemoteInfo } | null = null
  #sent = 0

  constructor(send: Send) {
    this.#send = send
  }

  get detail() {
    return { datagramsSent: this.#sent, fault: this.#fault }
  }

  fault(f: DeviceFault): void {
    if (f.kind === 'mute') this.#mute = true
    else if (f.kind === 'datagrams') {
      this.#fault = f.how
      this.#left = f.times
    } else if (f.kind === 'heal') {
      this.#mute = false
      this.#fault = null
    }
  }

  send(bytes: Uint8Array, to: RemoteInfo): void {
    if (this.#mute) return
    const how = this.#left > 0 ? this.#fault : null
    if (how) this.#left--
    if (how === 'drop') return
    if (how === 'reorder' || how === 'merge') this.#pair(how, bytes, to)
    else if (how === 'late') systemClock.after(ms(lateMs), () => this.#out(bytes, to))
    else this.#out(how === 'half' ? bytes.subarray(0, bytes.length >> 1) : bytes, to)
    if (how === 'duplicate') this.#out(bytes, to)
  }

  /** Two frames leave in the other order, or in one datagram. */
  #pair(how: 'reorder' | 'merge', bytes: Uint8Array, to: RemoteInfo): void {
    const held = this.#held
    if (!held) {
      this.#held = { bytes, to }
      systemClock.after(ms(companyMs), () => this.#alone(bytes))
      return
    }
    this.#held = null
    if (how === 'merge') this.#out(Buffer.concat([held.bytes, bytes]), to)
    else {
      this.#out(bytes, to)
      this.#out(held.bytes, held.to)
    }
  }
  #alone(bytes: Uint8Array): void {
    const held = this.#held
    if (held?.bytes !== bytes) return
    this.#held = null
    this.#out(held.bytes, held.to)
  }
  #out(bytes: Uint8Array, to: RemoteInfo): void {
    this.#sent++
    this.#send(bytes, to)
  }
}
