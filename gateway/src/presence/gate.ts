import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { TagRead } from '../drivers/driver.ts'

/** A walk has ended when its tag has not been read for so long. */
const silenceMs = 1500
/** A tag that stays in the field for so long is not walking: what was seen so far is said, once. */
const longestMs = 15_000
/** The reads of one antenna must lie before those of the other by this much on average, or nothing is proven. */
const provenMs = 40

export interface Passed {
  epc: string
  tid?: string
  direction: 'out' | 'in' | 'unknown'
}

interface Walk {
  startedAt: number
  readAt: number
  tid: string | undefined
  /** Reads and the sum of their times, for antenna 1 (inside) and 2 (outside). */
  inside: { n: number; sum: number }
  outside: { n: number; sum: number }
  said: boolean
  timer: Timer
}

/**
 * Passages through a gate whose antenna 1 is inside the room and 2 outside (contracts `LlrpReader`). One
 * passage a walk; the direction is the order in which the two antennas saw the tag, and `unknown` when only
 * one did or their order does not prove it.
 */
export class GatePresence {
  readonly #clock: Clock
  readonly #say: (passage: Passed) => void
  readonly #walks = new Map<string, Walk>()

  constructor(clock: Clock, say: (passage: Passed) => void) {
    this.#clock = clock
    this.#say = say
  }

  read(r: TagRead) {
    const now = this.#clock.mono()
    let walk = this.#walks.get(r.epc)
    if (!walk) {
      const timer = this.#clock.after(millis(silenceMs), () => this.#look(r.epc))
      const none = () => ({ n: 0, sum: 0 })
      walk = {
        startedAt: now,
        readAt: now,
        tid: r.tid,
        inside: none(),
        outside: none(),
        said: false,
        timer,
      }
      this.#walks.set(r.epc, walk)
    }
    walk.readAt = now
    walk.tid ??= r.tid
    const side = r.antenna === 1 ? walk.inside : r.antenna === 2 ? walk.outside : null
    if (side) {
      side.n++
      side.sum += now - walk.startedAt
    }
  }

  #look(epc: string) {
    const walk = this.#walks.get(epc)
    if (!walk) return
    const now = this.#clock.mono()
    const silent = now - walk.readAt
    if (silent >= silenceMs) {
      this.#walks.delete(epc)
      return this.#tell(epc, walk)
    }
    if (now - walk.startedAt >= longestMs) this.#tell(epc, walk)
    walk.timer = this.#clock.after(millis(silenceMs - silent), () => this.#look(epc))
  }

  #tell(epc: string, walk: Walk) {
    if (walk.said) return
    walk.said = true
    this.#say({ epc, ...(walk.tid ? { tid: walk.tid } : {}), direction: directionOf(walk) })
  }

  stop() {
    for (const walk of this.#walks.values()) walk.timer.cancel()
    this.#walks.clear()
  }
}

function directionOf({ inside, outside }: Walk): Passed['direction'] {
  if (inside.n === 0 || outside.n === 0) return 'unknown'
  const lead = outside.sum / outside.n - inside.sum / inside.n
  if (lead >= provenMs) return 'out'
  return lead <= -provenMs ? 'in' : 'unknown'
}
