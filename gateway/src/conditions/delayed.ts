import { type Clock, millis, type Timer } from '@lantai/contracts'

/** So much longer a device may take to speak for the first time after our own start; motion is inhibited all the while. */
export const firstWordMs = 8000

/**
 * A state that becomes true only after it held for `onMs`, and false only after it was gone for `offMs`.
 * Unknown changes nothing: what is not known is neither trouble nor its end.
 */
export class Delayed {
  readonly #clock: Clock
  readonly #onMs: number
  readonly #offMs: number
  readonly #changed: (active: boolean) => void
  #active: boolean
  #pending: { to: boolean; timer: Timer } | null = null

  constructor(
    clock: Clock,
    onMs: number,
    offMs: number,
    active: boolean,
    changed: (active: boolean) => void,
  ) {
    this.#clock = clock
    this.#onMs = onMs
    this.#offMs = offMs
    this.#active = active
    this.#changed = changed
  }

  get active() {
    return this.#active
  }

  set(to: boolean | 'unknown') {
    if (to === 'unknown' || to === this.#active) return this.stop()
    if (this.#pending?.to === to) return
    this.stop()
    const delay = to ? this.#onMs : this.#offMs
    if (delay === 0) return this.#turn(to)
    this.#pending = { to, timer: this.#clock.after(millis(delay), () => this.#turn(to)) }
  }

  #turn(to: boolean) {
    this.#pending = null
    this.#active = to
    this.#changed(to)
  }

  stop() {
    this.#pending?.timer.cancel()
    this.#pending = null
  }
}

/** Beyond a limit counts at once; back within it only when it is inside by the deadband. */
export function beyond(
  value: number,
  limit: number,
  deadband: number,
  side: 'high' | 'low',
  active: boolean,
): boolean {
  const over = side === 'high' ? value - limit : limit - value
  return active ? over > -deadband : over > 0
}
