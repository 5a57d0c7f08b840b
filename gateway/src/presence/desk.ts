import type { Clock, Sighting } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { TagRead } from '../drivers/driver.ts'
import { stay as tuning } from './constants.ts'
import { Due } from './due.ts'
import { Habit } from './habit.ts'
import { Rhythm } from './rhythm.ts'

const repeatMs = 30_000
/** While space is short: nothing is lost by it, since a sighting counts its reads (reliability 2.4). */
const tightRepeatMs = 300_000

interface Stay {
  epc: string
  /** Of the reads since the last sighting. */
  first: number
  last: number
  count: number
  antenna: number
  rssiMaxDbm: number | null
  tid: string | undefined
  rhythm: Rhythm
  /** Monotonic. */
  readAt: number
  saidAt: number
}

/**
 * Folds the reads of a desk reader: the first at once, then at most one sighting per tag in thirty seconds, and a last
 * one with `departed` when it has been silent for longer than its own rhythm explains (`rhythm.ts`). Absence of a box
 * is never said here.
 */
export class DeskPresence {
  readonly #reader: string
  readonly #clock: Clock
  readonly #say: (sighting: Sighting) => void
  readonly #tight: () => boolean
  readonly #stays = new Map<string, Stay>()
  readonly #habit = new Habit()
  /** When each is looked at again. */
  readonly #looks: Due<Stay>

  constructor(
    reader: string,
    clock: Clock,
    say: (sighting: Sighting) => void,
    tight: () => boolean = () => false,
  ) {
    this.#tight = tight
    this.#reader = reader
    this.#clock = clock
    this.#say = say
    this.#looks = new Due(clock, tuning.dueWithinMs, (stay) => this.#look(stay))
  }

  read(r: TagRead) {
    const stay = this.#stays.get(r.epc)
    if (!stay) return this.#arrive(r)
    if (stay.count === 0) stay.first = this.#clock.now()
    stay.last = this.#clock.now()
    this.#beat(stay)
    stay.count += r.count
    stay.tid ??= r.tid
    if (r.rssiDbm !== undefined && (stay.rssiMaxDbm === null || r.rssiDbm > stay.rssiMaxDbm)) {
      stay.rssiMaxDbm = r.rssiDbm
      stay.antenna = r.antenna
    }
    const every = this.#tight() ? tightRepeatMs : repeatMs
    if (this.#clock.mono() - stay.saidAt >= every) this.#tell(stay, false)
  }

  /** How many tags lie there now. */
  size(): number {
    return this.#stays.size
  }

  /** Reads of one dwell are one answer. */
  #beat(stay: Stay) {
    const now = this.#clock.mono()
    if (now - stay.readAt >= tuning.shortestLookMs) stay.rhythm.gap(now - stay.readAt)
    stay.readAt = now
  }

  #arrive(r: TagRead) {
    const rhythm = new Rhythm(this.#habit)
    const stay: Stay = {
      epc: r.epc,
      first: this.#clock.now(),
      last: this.#clock.now(),
      count: Math.max(1, r.count),
      antenna: r.antenna,
      rssiMaxDbm: r.rssiDbm ?? null,
      tid: r.tid,
      rhythm,
      readAt: this.#clock.mono(),
      saidAt: 0,
    }
    this.#stays.set(r.epc, stay)
    this.#looks.add(stay, rhythm.holdMs())
    this.#tell(stay, false)
  }

  #look(stay: Stay) {
    const silent = this.#clock.mono() - stay.readAt
    const hold = stay.rhythm.holdMs()
    if (silent < hold) return this.#looks.add(stay, hold - silent)
    this.#stays.delete(stay.epc)
    this.#habit.departed()
    this.#tell(stay, true)
  }

  #tell(stay: Stay, departed: boolean) {
    this.#say({
      reader: this.#reader,
      antenna: stay.antenna,
      epc: stay.epc,
      ...(stay.tid ? { tid: stay.tid } : {}),
      first: instant(stay.count > 0 ? stay.first : stay.last),
      last: instant(stay.last),
      count: Math.max(1, stay.count),
      rssiMaxDbm: stay.rssiMaxDbm,
      ...(departed ? { departed } : {}),
    })
    stay.count = 0
    stay.rssiMaxDbm = null
    stay.saidAt = this.#clock.mono()
  }

  stop() {
    this.#looks.stop()
    this.#stays.clear()
  }
}
