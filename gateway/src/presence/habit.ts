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
  #blocked = stay.blockMs * stay.priorEvents

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
  /** Chance in one millisecond that something gets in the way, and that it goes again. */
  get blocks(): number {
    return this.#blocks / this.#clear
  }
  get clears(): number {
    return this.#blocks / this.#blocked
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
   * Something was in the way for so long. A very long time teaches nothing: as probably the box was taken away and
   * brought back, and a habit of waiting must not feed itself.
   */
  blocked(ms: number) {
    if (ms > stay.longestBlockMs) return
    this.#blocks++
    this.#blocked += ms
    this.#clear = Math.max(1, this.#clear - ms)
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
      this.#blocked /= 2
    }
  }
}
