import type { Clock, InterlockState } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { InputReport } from '../drivers/driver.ts'
import type { Put } from '../outbox/types.ts'
import { type FireConfig, freshMs } from './types.ts'

export interface FirePoint extends FireConfig {
  state: InputReport
  /** Monotonic time of the last report; null before the first. */
  at: number | null
  /** Monotonic time since when it is listened to. */
  since: number
  /** Since when it is latched; null when it is not. */
  latchedSince: string | null
}

/** Key of a fire latch in the store. */
export const fireKey = (id: string) => `latch.fire.${id}`

/**
 * The fire contacts of all rooms. Any one signal latches and inhibits every motion of its room; an unknown
 * input inhibits without latching (reliability 3.2). Read-only towards the panel.
 */
export class Fire {
  readonly #points = new Map<string, FirePoint>()
  readonly #clock: Clock
  readonly #restored: Record<string, string>

  constructor(inputs: readonly FireConfig[], restored: Record<string, string>, clock: Clock) {
    this.#clock = clock
    this.#restored = restored
    for (const input of inputs) this.#points.set(input.id, this.#point(input))
  }

  #point(input: FireConfig): FirePoint {
    const latch = this.#restored[fireKey(input.id)]
    const latchedSince = latch ? (JSON.parse(latch) as { since: string }).since : null
    return { ...input, state: 'unknown', at: null, since: this.#clock.mono(), latchedSince }
  }

  /** The device list has changed. A contact that stays what it is keeps its state and its latch. */
  apply(inputs: readonly FireConfig[]) {
    const before = new Map(this.#points)
    this.#points.clear()
    for (const input of inputs) {
      const old = before.get(input.id)
      const same = old?.room === input.room && old.means === input.means
      const latchedSince = old?.latchedSince ?? this.#point(input).latchedSince
      this.#points.set(
        input.id,
        old && same ? { ...old, ...input } : { ...this.#point(input), latchedSince },
      )
    }
  }

  /** Takes one report, read `ageMs` ago. Gives the room when something changed there, and what must be written first. */
  report(id: string, state: InputReport, ageMs = 0): { room: string; put: Put | null } | null {
    const p = this.#points.get(id)
    if (!p) return null
    const before = this.stateOf(p)
    p.at = this.#clock.mono() - ageMs
    p.state = state
    if (state === 'active' && p.means !== 'panelFault' && !p.latchedSince) {
      p.latchedSince = instant(this.#clock.now())
      return {
        room: p.room,
        put: { key: fireKey(id), value: JSON.stringify({ since: p.latchedSince }) },
      }
    }
    return before === state ? null : { room: p.room, put: null }
  }

  /** A report counts for two seconds (S1). */
  stateOf(p: FirePoint): InputReport {
    return p.at !== null && this.#clock.mono() - p.at <= freshMs ? p.state : 'unknown'
  }

  points(room?: string): FirePoint[] {
    const all = [...this.#points.values()]
    return room === undefined ? all : all.filter((p) => p.room === room)
  }
  rooms(): string[] {
    return [...new Set(this.points().map((p) => p.room))]
  }

  /** The interlock input `fire` of a room. No contact at all is unknown: fire can never be missing (S1). */
  input(room: string): { state: InterlockState; ageMs: number | null } {
    const points = this.points(room)
    const ages = points.map((p) => (p.at === null ? null : this.#clock.mono() - p.at))
    const ageMs = ages.reduce<number | null>(
      (oldest, age) => (oldest === null || age === null ? null : Math.max(oldest, age)),
      0,
    )
    const signals = points.filter((p) => p.means !== 'panelFault')
    if (signals.some((p) => this.stateOf(p) === 'active')) return { state: 'active', ageMs }
    // A panel that reports a fault, or that we do not hear, may be silent about a fire.
    const trusted = signals.length > 0 && points.every((p) => this.stateOf(p) === 'clear')
    return { state: trusted ? 'clear' : 'unknown', ageMs: points.length > 0 ? ageMs : null }
  }

  latched(room: string): FirePoint | null {
    return this.points(room).find((p) => p.latchedSince) ?? null
  }

  /** Unlatches a room whose inputs are all normal now (S8); gives what changed, or why not. */
  reset(room: string): { ok: true; points: FirePoint[]; puts: Put[] } | { ok: false; why: string } {
    const latched = this.points(room).filter((p) => p.latchedSince)
    if (latched.length === 0) return { ok: false, why: 'nothing is latched' }
    const state = this.input(room).state
    if (state !== 'clear') return { ok: false, why: `fire input is ${state}` }
    for (const p of latched) p.latchedSince = null
    return {
      ok: true,
      points: latched,
      puts: latched.map((p) => ({ key: fireKey(p.id), value: null })),
    }
  }

  /** For the tick: the worst of all rooms. */
  overall(): { fire: 'normal' | 'alarm' | 'unknown'; fireLatched: boolean } {
    const states = this.rooms().map((r) => this.input(r).state)
    const fire = states.includes('active')
      ? 'alarm'
      : states.length > 0 && states.every((s) => s === 'clear')
        ? 'normal'
        : 'unknown'
    return { fire, fireLatched: this.points().some((p) => p.latchedSince) }
  }
}
