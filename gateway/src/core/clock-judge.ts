import type { ClockQuality } from '@lantai/contracts'

/** Wall minus monotonic may wander this far before the wall clock is suspect (NTP slews far less). */
const jumpMs = 2000
/** After a jump it stays suspect for this long. */
const suspectMs = 600_000
/** Two clocks that differ by more than this do not agree, whatever lay on the way of a message. */
const agreeMs = 2000
/** What the server's time told us counts for so long. */
const measuredMs = 600_000
/** A clock that was right runs on by itself: at 50 ppm it is a second off after five and a half hours. */
const holdoverMs = 5.5 * 3_600_000

/**
 * How good the wall clock is (G7). `synced`: the machine's own time service says so. `holdover`: it said so, or the
 * server's clock agreed, not longer ago than a crystal keeps a second. `unsynced`: nobody says that it is right, or the
 * server says that it is not. `suspect`: it jumped, or time service and server contradict each other. Pure; the two
 * clocks are arguments.
 */
export class ClockJudge {
  readonly #now: () => number
  readonly #mono: () => number
  #offset: number
  #suspectUntil = Number.NEGATIVE_INFINITY
  #ntp: boolean | null = null
  #goodAt: number | null = null
  #measured: { at: number; aheadMs: number }[] = []

  constructor(now: () => number, mono: () => number) {
    this.#now = now
    this.#mono = mono
    this.#offset = now() - mono()
  }

  /** What the machine's time service says; null where there is none to ask. */
  ntp(synced: boolean | null) {
    this.#look()
    this.#ntp = synced
    if (synced) this.#goodAt = this.#mono()
  }

  /** The server's wall clock as an ack brought it just now. */
  served(serverMs: number) {
    this.#look()
    const at = this.#mono()
    this.#measured = this.#measured.filter((m) => at - m.at <= measuredMs).slice(-15)
    this.#measured.push({ at, aheadMs: this.#now() - serverMs })
    if (this.#agrees() === true && this.#ntp !== false) this.#goodAt = at
  }

  quality(): ClockQuality {
    this.#look()
    const now = this.#mono()
    if (now < this.#suspectUntil) return 'suspect'
    const agrees = this.#agrees()
    if (this.#ntp) return agrees === false ? 'suspect' : 'synced'
    if (agrees === false) return 'unsynced'
    if (agrees === true) return 'holdover'
    return this.#goodAt !== null && now - this.#goodAt <= holdoverMs ? 'holdover' : 'unsynced'
  }

  /** How far ahead of the server: the least that was measured, for a message is only ever late. */
  aheadMs(): number | null {
    const now = this.#mono()
    const fresh = this.#measured.filter((m) => now - m.at <= measuredMs).map((m) => m.aheadMs)
    return fresh.length > 0 ? Math.min(...fresh) : null
  }

  #agrees(): boolean | null {
    const ahead = this.aheadMs()
    return ahead === null ? null : Math.abs(ahead) <= agreeMs
  }

  #look() {
    const seen = this.#now() - this.#mono()
    const moved = Math.abs(seen - this.#offset)
    this.#offset = seen
    if (moved <= jumpMs) return
    this.#suspectUntil = this.#mono() + suspectMs
    // What was measured before was measured of another time.
    this.#measured = []
    this.#goodAt = null
  }
}
