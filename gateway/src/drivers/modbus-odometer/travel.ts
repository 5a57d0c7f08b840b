/** The way of a wheel out of 32-bit numbers that go round, begin anew, or are wrong now and then. Pure. */

/** As read: numbers of 32 bits. */
export interface Latched {
  readonly pulses: number
  /** Null where the module has no clock. */
  readonly ticks: number | null
}

export interface Travelled {
  /** Changes when positions before and after cannot be compared. */
  readonly stretch: number
  readonly xMm: number
  readonly deviceUs: number | null
}

export interface TravelSettings {
  readonly pulsesPerMetre: number
  readonly ticksPerSecond: number | null
  readonly reversed: boolean
}

/** Unwrapped. */
interface Seen {
  readonly pulses: number
  readonly ticks: number | null
  /** Monotonic milliseconds at which the answer had come. */
  readonly at: number
}

const wrap = 2 ** 32
/** Nobody runs with a cart: what is faster is another number than the counter's. */
const fastestMmPerS = 4000
const slackMm = 100
/** A module's clock and ours may differ by a slow answer and by this much a second; more is a clock that began anew. */
const slackS = 1.5
const clockTolerance = 0.01

/** The number of 32 bits that is nearest to `expected` when it is let go round. */
const unwrapped = (raw: number, expected: number) =>
  raw + wrap * Math.round((expected - raw) / wrap)

export class Travel {
  readonly #settings: TravelSettings
  #stretch: number
  #last: Seen | null = null
  /** Does not follow from the last one: a module that began anew, or a wrong number. The next one tells. */
  #doubt: Seen | null = null

  /** @param firstStretch unlike that of any earlier one of this device, such as the wall clock */
  constructor(settings: TravelSettings, firstStretch: number) {
    this.#settings = settings
    this.#stretch = firstStretch - 1
  }

  /** Null: not believed until the next one agrees. @param at monotonic milliseconds */
  take(latched: Latched, at: number): Travelled | null {
    const next = this.#last && this.#following(this.#last, latched, at)
    if (next) return this.#believe(next)
    const agreed = this.#doubt && this.#following(this.#doubt, latched, at)
    if (agreed) {
      this.#stretch += 1
      return this.#believe(agreed)
    }
    this.#doubt = { pulses: unwrapped(latched.pulses, 0), ticks: latched.ticks, at }
    return null
  }

  #believe(seen: Seen): Travelled {
    const { pulsesPerMetre, ticksPerSecond, reversed } = this.#settings
    this.#last = seen
    this.#doubt = null
    const way = reversed ? -1 : 1
    return {
      stretch: this.#stretch,
      xMm: (way * seen.pulses * 1000) / pulsesPerMetre,
      deviceUs:
        seen.ticks === null || !ticksPerSecond
          ? null
          : Math.round((seen.ticks * 1e6) / ticksPerSecond),
    }
  }

  #following(before: Seen, { pulses: raw, ticks: rawTicks }: Latched, at: number): Seen | null {
    const seconds = (at - before.at) / 1000
    const pulses = unwrapped(raw, before.pulses)
    const mm = (Math.abs(pulses - before.pulses) * 1000) / this.#settings.pulsesPerMetre
    if (mm > fastestMmPerS * seconds + slackMm) return null
    const ticks = this.#ticksAfter(before, rawTicks, seconds)
    return ticks === 'another' ? null : { pulses, ticks, at }
  }

  #ticksAfter(before: Seen, raw: number | null, seconds: number): number | null | 'another' {
    const { ticksPerSecond } = this.#settings
    if (raw === null || before.ticks === null || !ticksPerSecond) return null
    const expected = before.ticks + seconds * ticksPerSecond
    const ticks = unwrapped(raw, expected)
    const off = Math.abs(ticks - expected) / ticksPerSecond
    return off > slackS + clockTolerance * seconds ? 'another' : ticks
  }
}
