import { gate } from './constants.ts'

/**
 * Tags of which it was said that they may have passed, without a direction. A tag that lies at the edge of the field is
 * heard again and again: the same doubt is said once, then again only after a quiet time that doubles, so that a stray
 * does not cry wolf for hours. A proven passage is always said.
 */
export class Doubts {
  readonly #of = new Map<string, { until: number; spanMs: number }>()

  /** Whether the doubt about this tag is worth saying now; if so it counts as said. */
  worthSaying(epc: string, now: number): boolean {
    const before = this.#of.get(epc)
    if (before && now < before.until) {
      // Heard again: still the same tag in the same place.
      before.until = now + before.spanMs
      return false
    }
    const recent = before && now < before.until + gate.longestHushMs
    const spanMs = recent ? Math.min(2 * before.spanMs, gate.longestHushMs) : gate.hushMs
    this.#of.set(epc, { until: now + spanMs, spanMs })
    if (this.#of.size > gate.doubtsKept) this.#forget(now)
    return true
  }

  /** It has been carried through: what was doubted is settled. */
  settle(epc: string) {
    this.#of.delete(epc)
  }

  #forget(now: number) {
    for (const [epc, { until }] of this.#of)
      if (now >= until + gate.longestHushMs) this.#of.delete(epc)
  }
}
