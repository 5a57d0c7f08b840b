/** Positions of columns between two reports. The drawing follows reports; it never runs ahead of them. */
import type { BankObserved } from '@lantai/contracts'

export type Positions = ReadonlyMap<number, number>
export interface Glide {
  from: Positions
  to: Positions
  startMs: number
  lengthMs: number
}

/** Reports come every 200 ms while something moves; longer gaps are drawn in at most this. */
export const longestGlideMs = 600

/** Left edges as reported; a column whose place is not known is left out. */
export function reportedPositions(observed: BankObserved | null): Positions {
  const at = new Map<number, number>()
  for (const c of observed?.columns ?? []) if (c.xMm !== null) at.set(c.column, c.xMm)
  return at
}

export const samePositions = (a: Positions, b: Positions): boolean =>
  a.size === b.size && [...a].every(([k, v]) => b.get(k) === v)

/**
 * A glide from what is drawn to what was just reported, as long as the time since the last report.
 * With reduced motion it has no length.
 */
export function glideTo(
  drawn: Positions,
  to: Positions,
  nowMs: number,
  sinceLastReportMs: number,
  reducedMotion: boolean,
): Glide {
  const lengthMs = reducedMotion ? 0 : Math.min(longestGlideMs, Math.max(0, sinceLastReportMs))
  return { from: drawn, to, startMs: nowMs, lengthMs }
}

export function glideAt(g: Glide, nowMs: number): { at: Positions; done: boolean } {
  const t = g.lengthMs <= 0 ? 1 : Math.min(1, Math.max(0, (nowMs - g.startMs) / g.lengthMs))
  if (t >= 1) return { at: g.to, done: true }
  const at = new Map<number, number>()
  for (const [column, x] of g.to) {
    const from = g.from.get(column) ?? x
    at.set(column, from + (x - from) * t)
  }
  return { at, done: false }
}
