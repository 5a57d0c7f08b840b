import type { ClockQuality } from '@lantai/contracts'
import type { FactToRecord } from './recorder.ts'

/**
 * Each change of the clock's quality once, the first of a boot too: a fact that is written while the clock is good
 * gives the server what it re-times the facts before by (G7).
 */
export class ClockHistory {
  readonly #gateway: string
  readonly #record: (fact: FactToRecord<'lantai.clock.v1'>) => void
  #told: ClockQuality | null = null

  constructor(gateway: string, record: (fact: FactToRecord<'lantai.clock.v1'>) => void) {
    this.#gateway = gateway
    this.#record = record
  }

  /** True where it is another one than before. */
  look(quality: ClockQuality): boolean {
    const before = this.#told
    if (quality === before) return false
    this.#told = quality
    const data = { quality, before }
    this.#record({ type: 'lantai.clock.v1', subject: this.#gateway, data })
    return true
  }
}
