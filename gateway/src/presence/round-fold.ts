import { type Clock, millis, type Round, type Timer } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { RoundEnded } from '../drivers/driver.ts'

const leastMs = 1000
/** While space is short. */
const tightMs = 60_000

type Heard = RoundEnded & { antennas: readonly number[] }

/**
 * Rounds of one reader as facts, at most one a second: the first at once, those that end before the second is over
 * together when it is. A fact is complete only where each of its rounds was.
 */
export class RoundFold {
  readonly #reader: string
  readonly #clock: Clock
  readonly #say: (round: Round) => void
  readonly #tight: () => boolean
  #waiting: Heard[] = []
  #saidAt = Number.NEGATIVE_INFINITY
  #timer: Timer | null = null

  constructor(reader: string, clock: Clock, say: (round: Round) => void, tight: () => boolean) {
    this.#reader = reader
    this.#clock = clock
    this.#say = say
    this.#tight = tight
  }

  take(round: Heard) {
    this.#waiting.push(round)
    if (this.#timer) return
    const due = this.#saidAt + (this.#tight() ? tightMs : leastMs)
    const wait = Math.ceil(due - this.#clock.mono())
    if (wait <= 0) this.flush()
    else this.#timer = this.#clock.after(millis(wait), () => this.flush())
  }

  flush() {
    this.#timer?.cancel()
    this.#timer = null
    const rounds = this.#waiting
    this.#waiting = []
    if (rounds.length === 0) return
    this.#saidAt = this.#clock.mono()
    this.#say({
      reader: this.#reader,
      antennas: distinct(rounds.flatMap((r) => r.antennas)).toSorted((a, b) => a - b),
      from: instant(Math.min(...rounds.map((r) => r.fromMs))),
      to: instant(Math.max(...rounds.map((r) => r.toMs))),
      rounds: rounds.length,
      tags: distinct(rounds.flatMap((r) => r.epcs)).length,
      troubles: distinct(rounds.flatMap((r) => r.troubles)),
    })
  }
}

const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)]
