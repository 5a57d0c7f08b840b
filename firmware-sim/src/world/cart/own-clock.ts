/** A device's own clock: it was set at some time of its own, and runs a little fast or slow. */
export interface OwnClock {
  /** Its reading at `sinceMs`, microseconds. */
  readonly startsAtUs: number
  /** Wall milliseconds. */
  readonly sinceMs: number
  /** Microseconds that it gains in a second; crystals keep within ±50. */
  readonly driftPpm: number
}

export const ownTimeUs = ({ startsAtUs, sinceMs, driftPpm }: OwnClock, nowMs: number): number =>
  startsAtUs + (nowMs - sinceMs) * 1000 * (1 + driftPpm / 1e6)
