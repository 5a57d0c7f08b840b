import type { Clock, CommandTransition } from '@lantai/contracts'
import type { Bank } from './bank.ts'

/** S10: motion that nobody asked us for was made by hand at the shelf; it is recorded when it has ended. */
export class ManualMotion {
  readonly #clock: Clock
  readonly #moving = new Map<string, number>()
  readonly #ours = new Set<string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A command of ours has ended; what still moves belongs to it until it stands. */
  ourTail(bank: Bank) {
    if (bank.observed?.motion !== 'still' || !bank.fresh()) this.#ours.add(bank.config.bank)
  }

  look(bank: Bank): Omit<CommandTransition, 'command'> | null {
    const id = bank.config.bank
    const o = bank.observed
    if (bank.inMotion) {
      this.#moving.delete(id)
      return null
    }
    if (o?.motion === 'moving' && bank.fresh()) {
      if (!this.#ours.has(id) && !this.#moving.has(id)) this.#moving.set(id, this.#clock.mono())
      return null
    }
    const still = o?.motion === 'still' && bank.fresh()
    if (still) this.#ours.delete(id)
    if (!this.#moving.delete(id)) return null
    const common = { bank: id, by: '—', origin: 'manual' as const }
    if (!still)
      return {
        ...common,
        verb: 'open',
        aisle: null,
        state: 'unknown',
        reason: 'link lost in motion',
      }
    return {
      ...common,
      verb: o.openAisle === null ? 'close' : 'open',
      aisle: o.openAisle,
      state: 'done',
      reason: 'moved at the shelf',
    }
  }
}
