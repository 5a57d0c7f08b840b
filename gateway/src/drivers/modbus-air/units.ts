/** What is known of the units of one air line, between sessions. Pure. */

/** Lost replies are common on RS-485: two tries of one round and the one of the next silence a sensor. */
const silentAfter = 3

export interface UnitState {
  misses: number
  /** It answered, but with its fault value or with something implausible. */
  broken: boolean
  silent: boolean
  /** Monotonic milliseconds of the last good identity; null: must be read before the next reading. */
  identifiedAt: number | null
}

const isSilent = (s: UnitState) => s.broken || s.misses >= silentAfter

export class Units<Id extends string> {
  readonly #states: Map<Id, UnitState>

  constructor(ids: readonly Id[]) {
    this.#states = new Map(
      ids.map((id) => [id, { misses: 0, broken: false, silent: false, identifiedAt: null }]),
    )
  }

  get(id: Id): UnitState {
    const state = this.#states.get(id)
    if (!state) throw new RangeError(`no unit ${id}`)
    return state
  }

  answered(id: Id, broken: boolean) {
    const state = this.get(id)
    state.misses = 0
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
  get silentCount() {
    return [...this.#states.values()].filter(isSilent).length
  }

  /** Units whose silence began or ended since the last call. */
  turned(): { id: Id; silent: boolean }[] {
    const turned: { id: Id; silent: boolean }[] = []
    for (const [id, state] of this.#states) {
      const silent = isSilent(state)
      if (silent === state.silent) continue
      state.silent = silent
      turned.push({ id, silent })
    }
    return turned
  }
}
