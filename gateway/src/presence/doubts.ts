import { gate } from './constants.ts'

/**
 * Tags of which it was said that they may have passed, without a direction. A tag that lies at the edge of the field is
 * heard again and again: the same doubt is said once, then again only after a quiet time that doubles, so that a stray
 * does not cry wolf for hours. A proven passage is always said.
 */
export class Doubts {
  readonly #of = new Map<string, { until: number; spanMs: number }>()
  /** Walks in a row that were nothing. */
  readonly #nothing = new Map<string, { times: number; at: number }>()

  /** It was heard, and it did not pass. */
  wasNothing(epc: string, now: number) {
    const times = this.#nothing.get(epc)?.times ?? 0
    this.#nothing.set(epc, { times: times + 1, at: now })
    if (this.#nothing.size > gate.doubtsKept) this.#forget(now)
  }

  /**
   * Log odds against a passage of a tag that has been heard again and again of late and never passed: the more often, the
   * more probably it lies near, and this walk is another of the kind. 0 where nothing speaks for that.
   */
  against(epc: string, now: number): number {
    const before = this.#nothing.get(epc)
    if (!before || before.times < gate.lyingWalks || now - before.at >= gate.lyingMs) return 0
    return Math.log(1 + Math.min(before.times, gate.lyingMost))
  }

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

  /** It has been carried through: what was doubted is settled. What it was before is half forgotten, not all of it. */
  settle(epc: string) {
    this.#of.delete(epc)
    const before = this.#nothing.get(epc)
    if (before) before.times = Math.floor(before.times / 2)
  }

  #forget(now: number) {
    for (const [epc, { until }] of this.#of)
      if (now >= until + gate.longestHushMs) this.#of.delete(epc)
    for (const [epc, { at }] of this.#nothing)
      if (now - at >= gate.lyingMs) this.#nothing.delete(epc)
  }
}
