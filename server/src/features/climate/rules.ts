/** What a gauge and a chart say of readings: pure. */
import type { Quantity } from '@lantai/contracts'

/** Numbers of the quantities as stored; never to be changed. */
export const quantityIds: Readonly<Record<Quantity, number>> = { temperature: 1, humidity: 2 }

export interface Sample {
  readonly at: Date
  readonly value: number
}

const fallbackMs = 60_000

/**
 * How often a sensor reports, from its last readings, the newest first: their median distance. The device list is
 * the gateway's; what is judged here is what was seen.
 */
export function intervalOf(samples: readonly Sample[]): number {
  const gaps = samples
    .slice(1)
    .map((s, i) => (samples[i] as Sample).at.getTime() - s.at.getTime())
    .filter((gap) => gap > 0)
    .sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 2)] ?? fallbackMs
}

/** Older than twice its interval a value never looks live (ux 3). Packing and sending may take some seconds more. */
export const isStale = (at: Date | null, everyMs: number, now: Date): boolean =>
  at === null || now.getTime() - at.getTime() > 2 * everyMs + sendingMs
const sendingMs = 5_000

export const spans = {
  '1h': { backMs: 3_600_000, stepMs: 60_000 },
  '24h': { backMs: 86_400_000, stepMs: 60_000 },
  '7d': { backMs: 7 * 86_400_000, stepMs: 3_600_000 },
  '30d': { backMs: 30 * 86_400_000, stepMs: 3_600_000 },
} as const
export type Span = keyof typeof spans
