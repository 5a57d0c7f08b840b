/** Moments of one device on our own clock, in the order they came; all are turned at the end, when the clock is known. */
import { ClockLine } from './clock-line.ts'

interface Span {
  /** Index of the first moment. */
  readonly from: number
  /** Null: the device gave no time, and the moments are ours. */
  readonly line: ClockLine | null
}

/** A moment as it came, microseconds. */
export interface Moment {
  /** By the device's own clock; null where it gives none. */
  readonly deviceUs: number | null
  /** By ours. */
  readonly heardUs: number
}

export class Timeline {
  readonly #spans: Span[] = []
  #count = 0

  /** What to keep of this moment until `toOurs` is called. */
  take({ deviceUs, heardUs }: Moment): number {
    const span = this.#spans.at(-1)
    if (deviceUs === null) {
      if (!span || span.line) this.#spans.push({ from: this.#count, line: null })
      this.#count++
      return heardUs
    }
    if (!span?.line?.take(deviceUs, heardUs)) {
      const line = new ClockLine()
      line.take(deviceUs, heardUs)
      this.#spans.push({ from: this.#count, line })
    }
    this.#count++
    return deviceUs
  }

  /** Turns what was kept, in the same order, into moments of our clock: in place. */
  toOurs(kept: Float64Array, count: number): void {
    for (const [n, { from, line }] of this.#spans.entries()) {
      const offset = line?.line() ?? (() => 0)
      const to = Math.min(count, this.#spans[n + 1]?.from ?? count)
      for (let i = from; i < to; i++)
        kept[i] = Math.round((kept[i] as number) + offset(kept[i] as number))
    }
  }
}
