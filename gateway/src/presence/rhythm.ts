import { stay } from './constants.ts'
import type { Habit } from './habit.ts'

/**
 * How one tag answers its reader, and from that how long its silence may last before it is more probably gone than
 * unheard. SMURF's question (locating 8: a window long enough that a present tag is not missed), asked of a filter
 * with three states: there, there with something in the way, gone.
 */
export class Rhythm {
  readonly #habit: Habit
  /** Looks answered and not answered, as the two counts of a beta distribution. */
  #answered: number
  #missed: number
  #reads = 0

  constructor(habit: Habit) {
    this.#habit = habit
    this.#answered = habit.answers * stay.priorLooks
    this.#missed = (1 - habit.answers) * stay.priorLooks
  }

  /** Share of looks that it answers, as far as is known. */
  get answers(): number {
    return this.#answered / (this.#answered + this.#missed)
  }

  /** It was read again after so long. */
  gap(ms: number) {
    const habit = this.#habit
    const missed = Math.max(1, Math.round(ms / habit.lookMs)) - 1
    const explained = Math.ceil(Math.log(stay.surprise) / Math.log(1 - this.answers))
    const wasBlocked = missed > explained && this.#reads >= stay.knownReads
    if (wasBlocked) habit.blocked((missed - explained) * habit.lookMs, explained * habit.lookMs)
    this.#learn(wasBlocked ? Math.round(1 / this.answers) - 1 : missed)
    habit.gap(ms)
  }

  /** Milliseconds of silence after which it is said to have departed. */
  holdMs(): number {
    const { lookMs, departs, blocks, clears } = this.#habit
    const [leave, block, clear] = [
      share(departs * lookMs),
      share(blocks * lookMs),
      share(clears * lookMs),
    ]
    const longest = Math.max(stay.longestMs, stay.longestLooks * lookMs)
    let there = 1
    let hidden = 0
    let gone = 0
    let silent = 0
    while (gone < stay.departedOdds * (there + hidden) && silent * lookMs < longest) {
      gone += (there + hidden) * leave
      const nowThere = (there * (1 - block) + hidden * clear) * (1 - leave)
      const nowHidden = (hidden * (1 - clear) + there * block) * (1 - leave)
      // What a silent look teaches about the rate counts at once: a tag of which little is known is waited for longer.
      const answers = this.#answered / (this.#answered + this.#missed + silent)
      there = nowThere * (1 - answers)
      hidden = nowHidden
      silent++
    }
    return Math.min(longest, Math.max(stay.shortestMs, silent * lookMs))
  }

  #learn(missed: number) {
    this.#answered += 1
    this.#missed += missed
    const looks = this.#answered + this.#missed
    if (looks > stay.memory) {
      this.#answered *= stay.memory / looks
      this.#missed *= stay.memory / looks
    }
    this.#reads++
    if (this.#reads > stay.priorLooks) this.#habit.answered(this.answers)
  }
}

/** A chance per look from a rate per look; never all of it. */
const share = (rate: number): number => Math.min(0.95, 1 - Math.exp(-rate))
