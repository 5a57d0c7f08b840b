import type { Lane } from '@lantai/contracts'
import type { OutboxStatus } from '../outbox/types.ts'

/** How a lane stands: `tight` from 80 % of its quota, `full` from 95 %; each ends only some way below (reliability 2.4). */
export type Pressure = 'free' | 'tight' | 'full'

const beginsAt = { tight: 0.8, full: 0.95 } as const
const endsAt = { tight: 0.7, full: 0.8 } as const

export function pressureOf(use: number, before: Pressure): Pressure {
  if (use >= beginsAt.full || (before === 'full' && use >= endsAt.full)) return 'full'
  if (use >= beginsAt.tight || (before !== 'free' && use >= endsAt.tight)) return 'tight'
  return 'free'
}

/** The pressure of the lanes that may thin out before a record gets its number. */
export class LanePressure {
  readonly #status: () => OutboxStatus
  readonly #of = { reads: 'free' as Pressure, telemetry: 'free' as Pressure }

  constructor(status: () => OutboxStatus) {
    this.#status = status
  }

  of(lane: Extract<Lane, 'reads' | 'telemetry'>): Pressure {
    const { bytes, quota } = this.#status().lanes[lane]
    this.#of[lane] = pressureOf(bytes / quota, this.#of[lane])
    return this.#of[lane]
  }
}
