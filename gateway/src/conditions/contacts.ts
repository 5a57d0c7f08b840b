import {
  type ConditionKind,
  type ContactMeans,
  type ContactPoint,
  type FireMeans,
  isFireMeans,
  type Priority,
} from '@lantai/contracts'
import type { InputReport } from '../drivers/driver.ts'
import type { Delayed } from './delayed.ts'
import type { Register } from './register.ts'

type Means = Exclude<ContactMeans, FireMeans>

/** None of these latches: only fire and smoke do, and those belong to the interlock (S8). */
const kinds: Readonly<Record<Means, { kind: ConditionKind; priority: Priority; onMs: number }>> = {
  water: { kind: 'water', priority: 1, onMs: 0 },
  intrusion: { kind: 'intrusion', priority: 1, onMs: 0 },
  // Doors are opened all day; one that stays open is told.
  door: { kind: 'doorOpen', priority: 3, onMs: 60_000 },
  tamper: { kind: 'tamper', priority: 2, onMs: 0 },
  batteryLow: { kind: 'batteryLow', priority: 3, onMs: 0 },
  fault: { kind: 'detectorFault', priority: 2, onMs: 0 },
}
/** Keys of the conditions of one contact that is no fire signal. */
export const contactKeys = (id: string, means: Means): string[] => [
  `${kinds[means].kind}:${id}`,
  `contactLost:${id}`,
]

/** Longer than the first word after a start, and than a stumble of the line. */
const lostMs = 10_000

interface Watched {
  alarm: Delayed
  lost: Delayed
  state: InputReport
}

/**
 * The contacts of one device that are no fire signal. An unknown one ends no alarm and begins none; it is an alarm of
 * its own (S12), unless the whole device is away, which is one alarm already.
 */
export class ContactConditions {
  readonly #contacts = new Map<string, Watched>()
  #offline = false

  constructor(device: string, points: readonly ContactPoint[], register: Register) {
    for (const { id, label, room, means } of points) {
      if (isFireMeans(means)) continue
      const where = { room, bank: null, device, box: null, label }
      const { kind, priority, onMs } = kinds[means]
      const alarm = register.delayed(`${kind}:${id}`, { kind, priority, where }, onMs, 0)
      const subject = { kind: 'contactLost' as const, priority: 2 as const, where }
      const lost = register.delayed(`contactLost:${id}`, subject, lostMs, 0)
      lost.set(true)
      this.#contacts.set(id, { alarm, lost, state: 'unknown' })
    }
  }

  /** Each contact and what is known of it now. */
  states(): { id: string; state: InputReport }[] {
    return [...this.#contacts].map(([id, { state }]) => ({ id, state }))
  }

  report(input: string, state: InputReport) {
    const c = this.#contacts.get(input)
    if (!c) return
    c.state = state
    c.alarm.set(state === 'unknown' ? state : state === 'active')
    this.#judgeLoss(c)
  }

  offline(offline: boolean) {
    this.#offline = offline
    for (const c of this.#contacts.values()) {
      // What was said before the link fell is no longer known.
      if (offline) {
        c.state = 'unknown'
        c.alarm.set('unknown')
      }
      this.#judgeLoss(c)
    }
  }

  #judgeLoss(c: Watched) {
    c.lost.set(this.#offline && c.state === 'unknown' ? 'unknown' : c.state === 'unknown')
  }
}
