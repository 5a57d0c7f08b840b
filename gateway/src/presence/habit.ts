import { stay } from './constants.ts'

/**
 * What all tags of one reader have in common, learned from their reads: how often it looks, how long boxes stay, and
 * how often and how long something is in the way. Times are milliseconds.
 */
export class Habit {
  /** The last times between two reads of one tag, in turn, and what they say. */
  readonly #gaps: number[] = []
  #next = 0
  #look: number = stay.lookMs
  #answers: number = stay.answers
  #present = stay.stayMs * stay.priorEvents
  #departures: number = stay.priorEvents
  #clear = stay.blockEveryMs * stay.priorEvents
  #blocks: number = stay.priorEvents
  /** Sum of how much longer they lasted than it took to notice them, and of that. */
  #beyond = stay.blockMs * stay.priorEvents
  #noticed = 0

  /** Time between two looks at the same tag: the shorter of the gaps, since a tag never answers between two looks. */
  get lookMs(): number {
    return this.#look
  }
  /** Share of looks that the tags of this reader answer. */
  get answers(): number {
    return this.#answers
  }
  /** Chance in one millisecond that a box that lies there is taken away. */
  get departs(): number {
    return this.#departures / this.#present
  }
  /**
   * Chance in one millisecond that something gets in the way. Short blocks cannot be told from bad luck: the long ones
   * that were noticed stand for them, as far as their lengths are exponential.
   */
  get blocks(): number {
    const unnoticed = this.#noticed / this.#blocks / (this.#beyond / this.#blocks)
    return (this.#blocks / this.#clear) * Math.exp(Math.min(stay.unnoticed, unnoticed))
  }
  /** Chance in one millisecond that it goes away again. What is left of an exponential time is as long as all of it. */
  get clears(): number {
    return this.#blocks / this.#beyond
  }

  /** The time between two reads of one tag in one stay. */
  gap(ms: number) {
    this.#gaps[this.#next] = ms
    this.#next = (this.#next + 1) % stay.gapsKept
    if (this.#next % stay.lookEvery === 0 || this.#gaps.length < stay.lookEvery) this.#lookAnew()
    this.#clear += ms
    this.#present += ms
    this.#fade()
  }

  /**
   * Something was in the way for `beyondMs` longer than the `noticedMs` after which that was clear. A very long time
   * teaches nothing: as probably the box was taken away and brought back, and patience must not feed itself.
   */
  blocked(beyondMs: number, noticedMs: number) {
    if (beyondMs + noticedMs > stay.longestBlockMs) return
    this.#blocks++
    this.#beyond += beyondMs
    this.#noticed += noticedMs
  }

  departed() {
    this.#departures++
  }

  /** A tag's own share of answers, when it has spoken for a while. */
  answered(share: number) {
    this.#answers += (share - this.#answers) / stay.memory
  }

  #lookAnew() {
    const sorted = [...this.#gaps].sort((a, b) => a - b)
    this.#look = sorted[Math.floor(sorted.length / 10)] ?? stay.lookMs
  }

  #fade() {
    if (this.#departures > stay.habitMemory) {
      this.#departures /= 2
      this.#present /= 2
    }
    if (this.#blocks > stay.habitMemory) {
      this.#blocks /= 2
      this.#clear /= 2
      this.#beyond /= 2
      this.#noticed /= 2
    }
  }
}
