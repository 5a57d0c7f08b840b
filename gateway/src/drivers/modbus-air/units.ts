/** What is known of the units of one air line, between sessions. Pure. */

/** Lost replies are common on RS-485: two tries of one round and the one of the next silence a sensor. */
const silentAfter = 3

export interface UnitState {
  misses: number
  /** It answered, but with its fault value or with something implausible. */
  broken: boolean
  silent: boolean
  /** Monotonic milliseconds of its last good reading; null before the first. */
  readAt: number | null
  /** Monotonic milliseconds of the last good identity; null: must be read before the next reading. */
  identifiedAt: number | null
}

export class Units<Id extends string> {
  readonly #states: Map<Id, UnitState>
  readonly #staleAfterMs: number

  /** `staleAfterMs`: a reading that old is none, however few misses there were. */
  constructor(ids: readonly Id[], staleAfterMs = Number.POSITIVE_INFINITY) {
    this.#staleAfterMs = staleAfterMs
    this.#states = new Map(
      ids.map((id) => [
        id,
        { misses: 0, broken: false, silent: false, readAt: null, identifiedAt: null },
      ]),
    )
  }

  get(id: Id): UnitState {
    const state = this.#states.get(id)
    if (!state) throw new RangeError(`no unit ${id}`)
    return state
  }

  #isSilent(s: UnitState, now: number): boolean {
    const isStale = s.readAt !== null && now - s.readAt > this.#staleAfterMs
    return s.broken || isStale || s.misses >= silentAfter
  }
  answered(id: Id, broken: boolean, now: number) {
    const state = this.get(id)
    state.misses = 0
    if (!broken) state.readAt = now
    state.broken = broken
  }
  missed(id: Id) {
    this.get(id).misses += 1
  }
  /** The port was opened anew: who is who must be proven again (devices 3.1). */
  forgetIdentities() {
    for (const state of this.#states.values()) state.identifiedAt = null
  }

  /** True when not one unit answered lately: that is the bus, not its sensors. */
  get allMissing() {
    return [...this.#states.values()].every((s) => s.misses > 0)
  }
  silentCount(now: number): number {
    return [...this.#states.values()].filter((s) => this.#isSilent(s, now)).length
  }

  /** Units whose silence began or ended since the last call. */
  turned(now: number): { id: Id; silent: boolean }[] {
    const turned: { id: Id; silent: boolean }[] = []
    for (const [id, state] of this.#states) {
      const silent = this.#isSilent(state, now)
      if (silent === state.silent) continue
      state.silent = silent
      turned.push({ id, silent })
    }
    return turned
  }
}
