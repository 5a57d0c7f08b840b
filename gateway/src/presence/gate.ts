import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { TagRead } from '../drivers/driver.ts'
import { companyOf, logit, type Neighbour, sigmoid } from './company.ts'
import { gate } from './constants.ts'
import { Doubts } from './doubts.ts'
import { type Direction, directionOf, judgeWalk, type Verdict } from './gate-judge.ts'
import { Walk } from './walk.ts'

export interface Passed {
  epc: string
  tid?: string
  direction: Direction
}

interface Going {
  walk: Walk
  /** What was said of it while the tag was still heard: from then on only the way back is news. */
  said: Direction | null
  lookAt: number
  timer: Timer
}

/**
 * Passages through a gate whose antenna 1 is inside the room and 2 outside (contracts `LlrpReader`): at most one a
 * walk, and one more when the tag comes straight back. The direction is what order, strength and phase of both antennas
 * prove, else `unknown`. A tag that lies near or is wheeled past is no passage; where that is in doubt the passage is
 * said, once (`doubts.ts`).
 */
export class GatePresence {
  readonly #clock: Clock
  readonly #say: (passage: Passed) => void
  readonly #going = new Map<string, Going>()
  readonly #doubts = new Doubts()
  /** Walks that ended just now. */
  #ended: Neighbour[] = []
  /** When each antenna last heard any tag. */
  readonly #heardAt = new Map<number, number>()

  constructor(clock: Clock, say: (passage: Passed) => void) {
    this.#clock = clock
    this.#say = say
  }

  read(r: TagRead) {
    const now = this.#clock.mono()
    this.#heardAt.set(r.antenna, now)
    let going = this.#going.get(r.epc)
    if (!going) {
      const timer = this.#lookIn(gate.earlyEveryMs, r.epc)
      going = { walk: new Walk(now), said: null, lookAt: now + gate.earlyEveryMs, timer }
      this.#going.set(r.epc, going)
    }
    going.walk.add(r, now)
  }

  #lookIn(ms: number, epc: string): Timer {
    return this.#clock.after(millis(Math.ceil(ms)), () => this.#look(epc))
  }

  #look(epc: string) {
    const going = this.#going.get(epc)
    if (!going) return
    const now = this.#clock.mono()
    const silence = now - going.walk.readAt
    if (silence >= gate.silenceMs) {
      this.#going.delete(epc)
      return this.#end(epc, going, now)
    }
    const long = now - going.walk.startedAt > gate.longestMs
    if (now >= going.lookAt) {
      this.#lookEarly(epc, going, now)
      going.lookAt = now + (long ? gate.lateEveryMs : gate.earlyEveryMs)
    }
    const next = Math.max(1, Math.min(going.lookAt - now, gate.silenceMs - silence))
    going.timer = this.#lookIn(next, epc)
  }

  /** What is certain already need not wait until the tag is out of reach: a guard wants to know now. */
  #lookEarly(epc: string, going: Going, now: number) {
    const verdict = this.#judge(going.walk, now)
    const direction = directionOf(verdict, gate.early)
    const passage = less(verdict.passage, this.#doubts.against(epc, now))
    if (passage < gate.early || direction === 'unknown' || direction === going.said) return
    this.#tell(epc, going.walk, direction)
    going.said = direction
    going.walk = new Walk(now)
  }

  #end(epc: string, { walk, said }: Going, now: number) {
    if (walk.count === 0) return
    const verdict = this.#judge(walk, now)
    if (said) {
      const back = directionOf(verdict)
      if (verdict.passage >= gate.back && back !== 'unknown' && back !== said)
        this.#tell(epc, walk, back)
    } else this.#tellOnce(epc, walk, verdict, now)
    this.#ended.push({ from: walk.startedAt, to: walk.readAt, passage: verdict.passage })
  }

  #tellOnce(epc: string, walk: Walk, verdict: Verdict, now: number) {
    const against = this.#doubts.against(epc, now)
    // What lies near is heard whenever somebody passes, and belongs to nobody's pile.
    const passage =
      against > 0 ? less(verdict.passage, against) : this.#among(walk, verdict.passage, now)
    if (passage < (against > 0 ? gate.sure : gate.doubt)) return this.#doubts.wasNothing(epc, now)
    const direction = passage >= gate.likely ? directionOf(verdict) : 'unknown'
    if (passage >= gate.sure || this.#doubts.worthSaying(epc, now)) this.#tell(epc, walk, direction)
  }

  /** With what those that were carried at the same time say; only where the tag itself leaves it open. */
  #among(walk: Walk, passage: number, now: number): number {
    this.#ended = this.#ended.filter((n) => now - n.to < gate.silenceMs + gate.companyMs)
    const going = [...this.#going.values()].filter(
      (g) => g.walk.count > 0 && g.walk.readAt - g.walk.startedAt <= gate.longestMs,
    )
    const others = going.map(({ walk: w }) => ({
      ...{ from: w.startedAt, to: w.readAt },
      passage: this.#judge(w, now).passage,
    }))
    const shift = companyOf(walk.startedAt, walk.readAt, [...this.#ended, ...others])
    return sigmoid(logit(passage) + shift)
  }

  #judge(walk: Walk, now: number): Verdict {
    const heard = (antenna: number) =>
      now - (this.#heardAt.get(antenna) ?? Number.NEGATIVE_INFINITY) < gate.heardMs
    return judgeWalk(walk.reads(), heard(1) && heard(2))
  }

  #tell(epc: string, { tid }: Walk, direction: Direction) {
    if (direction !== 'unknown') this.#doubts.settle(epc)
    this.#say({ epc, ...(tid ? { tid } : {}), direction })
  }

  stop() {
    for (const going of this.#going.values()) going.timer.cancel()
    this.#going.clear()
  }
}

/** A probability with so many log odds against it. */
const less = (p: number, against: number): number => sigmoid(logit(p) - against)
