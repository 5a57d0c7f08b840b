/** One link between a driver and a device, with us in between; protocol-agnostic. */
import type { StandaloneAddress } from '@lantai/firmware-sim'
import type { Seeded } from './seeded.ts'

/**
 * What happens to bytes on their way from the device to the driver. `hole` swallows both directions while the link
 * stays open; the others only touch what the driver hears.
 */
export type Mangling =
  | { kind: 'pass' }
  | { kind: 'hole' }
  /** Pieces of 1…`most` bytes with a breath between. Streams only; a datagram cannot be split. */
  | { kind: 'split'; most: number }
  /** What comes within `holdMs` arrives at once. Streams only. */
  | { kind: 'merge'; holdMs: number }
  /** One bit flipped in every `nth` chunk. */
  | { kind: 'corrupt'; nth: number }
  /** Every `nth` chunk twice. */
  | { kind: 'duplicate'; nth: number }
  /** Everything later, in order. */
  | { kind: 'delay'; byMs: number }
  /** Every `nth` chunk replaced by the one before: an answer with another's number. */
  | { kind: 'stale'; nth: number }
  /** Every `nth` chunk is cut in the middle and its rest never comes; a stream of TCP ends there, as it must. */
  | { kind: 'half'; nth: number }

export interface Wire extends AsyncDisposable {
  /** Where the driver finds the device: us. */
  readonly address: StandaloneAddress
  /** Chunks whose bytes were changed since the start, newest last, at most the last thousand. */
  readonly spoilt: readonly Uint8Array[]
  /** Chunks that went from the device to the driver. */
  readonly carried: number
  mangle(how: Mangling): void
  /** Resolves when nothing of what was held back is under way any more. */
  drained(): Promise<void>
  /**
   * Who connects anew is neither taken in nor refused, until `hear`; what is connected stays. Nothing where a link is
   * not made by connecting.
   */
  deafen(): Promise<void>
  hear(): Promise<void>
  /** Bytes of nobody's, straight to the driver. False when no driver is connected. */
  inject(bytes: Uint8Array): boolean
  /** As when the cable is cut: the link ends and nobody answers, until `mend`. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** The device listens there from now on. */
  deviceUp(at: StandaloneAddress): Promise<void>
  deviceDown(): Promise<void>
}

/** What all wires have: a device that comes and goes behind them, a cut, and what spoils the bytes on the way. */
export abstract class MangledWire implements Wire {
  protected readonly mangler: Mangler
  #target: StandaloneAddress | null = null
  #cut = false

  constructor(rng: Seeded) {
    this.mangler = new Mangler(rng)
  }

  abstract readonly address: StandaloneAddress
  abstract inject(bytes: Uint8Array): boolean
  /** Joins both ends; again while they are joined does nothing. */
  protected abstract join(target: StandaloneAddress): Promise<void>
  protected abstract part(): Promise<void>

  /** Where the device listens; null while it is down or the wire is cut: nothing may be joined then. */
  protected get target(): StandaloneAddress | null {
    return this.#cut ? null : this.#target
  }
  get spoilt() {
    return this.mangler.spoilt
  }
  get carried() {
    return this.mangler.carried
  }
  mangle(how: Mangling) {
    this.mangler.set(how)
  }
  drained() {
    return this.mangler.drained()
  }
  deafen(): Promise<void> {
    return Promise.resolve()
  }
  hear(): Promise<void> {
    return Promise.resolve()
  }
  async cut() {
    this.#cut = true
    await this.part()
  }
  async mend() {
    this.#cut = false
    await this.#joinIfMay()
  }
  async deviceUp(at: StandaloneAddress) {
    this.#target = at
    await this.#joinIfMay()
  }
  async deviceDown() {
    this.#target = null
    await this.part()
  }
  async [Symbol.asyncDispose]() {
    await this.deviceDown()
  }
  async #joinIfMay() {
    if (this.target) await this.join(this.target)
  }
}

type Deliver = (bytes: Uint8Array) => void
const keepSpoilt = 1000

/** Applies one `Mangling` at a time to what the device says, keeping the order. */
export class Mangler {
  readonly spoilt: Uint8Array[] = []
  carried = 0
  #how: Mangling = { kind: 'pass' }
  readonly #rng: Seeded
  #count = 0
  #last: Uint8Array | null = null
  #held: Uint8Array[] = []
  #tail: Promise<void> = Promise.resolve()
  #queued = 0

  constructor(rng: Seeded) {
    this.#rng = rng
  }

  set(how: Mangling) {
    this.#how = how
    this.#count = 0
  }
  drained(): Promise<void> {
    return this.#tail
  }
  get swallows(): boolean {
    return this.#how.kind === 'hole'
  }

  /** Takes one chunk of the device; gives it on by `deliver` as it should arrive. */
  take(chunk: Uint8Array, deliver: Deliver, end: () => void = () => undefined) {
    const how = this.#how
    if (how.kind === 'hole') return
    this.carried += 1
    this.#count += 1
    const hit = 'nth' in how && this.#count % how.nth === 0
    const before = this.#last
    this.#last = Uint8Array.from(chunk)
    if (how.kind === 'merge') return this.#merge(chunk, how.holdMs, deliver)
    if (how.kind === 'delay') return this.#after(how.byMs, () => deliver(chunk))
    if (how.kind === 'split') return this.#split(chunk, how.most, deliver)
    if (how.kind === 'corrupt' && hit) return this.#now(this.#flip(chunk), deliver)
    if (how.kind === 'half' && hit && chunk.length > 1) {
      this.#now(this.#note(chunk.slice(0, chunk.length >> 1)), deliver)
      return end()
    }
    if (how.kind === 'stale' && hit && before) return this.#now(this.#note(before), deliver)
    this.#now(chunk, deliver)
    if (how.kind === 'duplicate' && hit) this.#now(chunk, deliver)
  }

  /** Behind what still waits, so that nothing overtakes. */
  #now(chunk: Uint8Array, deliver: Deliver) {
    if (this.#queued === 0) deliver(chunk)
    else this.#after(0, () => deliver(chunk))
  }
  #after(ms: number, job: () => void) {
    const due = performance.now() + ms
    this.#queued += 1
    this.#tail = this.#tail.then(async () => {
      const left = due - performance.now()
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      this.#queued -= 1
      job()
    })
  }
  #split(chunk: Uint8Array, most: number, deliver: Deliver) {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + 1 + this.#rng.below(most))
      const piece = chunk.slice(at, end)
      this.#after(1, () => deliver(piece))
      at = end
    }
  }
  #merge(chunk: Uint8Array, holdMs: number, deliver: Deliver) {
    this.#held.push(Uint8Array.from(chunk))
    if (this.#held.length > 1) return
    this.#after(holdMs, () => deliver(Buffer.concat(this.#held.splice(0))))
  }
  #flip(chunk: Uint8Array): Uint8Array {
    const changed = Uint8Array.from(chunk)
    const at = this.#rng.below(changed.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << this.#rng.below(8))
    return this.#note(changed)
  }
  #note(chunk: Uint8Array): Uint8Array {
    this.spoilt.push(chunk)
    if (this.spoilt.length > keepSpoilt) this.spoilt.shift()
    return chunk
  }
}
