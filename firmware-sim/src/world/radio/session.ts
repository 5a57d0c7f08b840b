/**
 * Inventoried flags of Gen2. In S0 a tag forgets when its power goes, so that every antenna begins anew; in S1 it
 * remembers for half a second to five. The reader asks for A and for B in turn, so that nobody stays silent.
 */
import type { Rng } from '../rng.ts'
import { between, type Range } from './range.ts'

export type Session = 'S0' | 'S1'

/** How long a flag of S1 lasts: the range of the standard (Gen2, table 6-20). */
const persistenceMs: Range = [500, 5000]

export class InventoriedFlags {
  readonly #session: Session
  readonly #persistsUs: readonly number[]
  /** Until when a tag's flag says B. */
  readonly #bUntil = new Map<number, number>()

  constructor(session: Session, tags: number, rng: Rng) {
    this.#session = session
    this.#persistsUs = Array.from({ length: tags }, () => 1000 * between(rng, persistenceMs))
  }

  /** Whether a tag is asked for, by a round with this target. */
  asked(tag: number, target: 'A' | 'B', atUs: number): boolean {
    return (this.#bUntil.get(tag) ?? 0) > atUs === (target === 'B')
  }

  /** It has answered: its flag turns. */
  turn(tag: number, atUs: number): void {
    if ((this.#bUntil.get(tag) ?? 0) > atUs) this.#bUntil.delete(tag)
    else this.#bUntil.set(tag, atUs + (this.#persistsUs[tag] as number))
  }

  /** The carrier went off: the reader turns to another antenna. True when the tags forgot. */
  powerLost(): boolean {
    if (this.#session === 'S1') return false
    this.#bUntil.clear()
    return true
  }
}
