import {
  type BankObserved,
  type BankReport,
  type Clock,
  type Inhibition,
  type Interlock,
  type InterlockInput,
  type InterlockState,
  interlockInputs,
} from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { InputReport } from '../drivers/driver.ts'
import type { Commissioned } from './commission.ts'
import type { Fire } from './fire.ts'
import { type BankConfig, type BankReportIn, freshMs, leaseMs } from './types.ts'

export interface Held {
  kind: Inhibition
  since: string
  by: string | null
  reason: string | null
}

/** One bank as it is seen and held back: inputs with their ages, inhibitions, the lease. Decides nothing else. */
export class Bank {
  readonly config: BankConfig
  readonly commissioned: Commissioned
  readonly #clock: Clock
  readonly #since: string
  readonly #fire: Fire
  readonly #held = new Map<Inhibition, Held>()
  #inputs: Partial<Record<InterlockInput, InputReport>> = {}
  #at: number | null = null
  #leaseUntil = Number.NEGATIVE_INFINITY
  #revision: number
  observed: BankObserved | null = null
  /** A command of ours has been sent and its end was not observed. */
  inMotion = false

  constructor(config: BankConfig, commissioned: Commissioned, fire: Fire, clock: Clock) {
    this.config = config
    this.commissioned = commissioned
    this.#fire = fire
    this.#clock = clock
    this.#since = instant(clock.now())
    // Behind every number of an earlier boot, so that a revision seen before a restart never matches (S4).
    this.#revision = Math.floor(clock.now() / 1000)
  }

  /** `ageMs`: since it was read; a queue on its way must not make it younger (S1). */
  take(report: BankReportIn, ageMs: number) {
    const { revision: _, ...before } = this.observed ?? { revision: 0 }
    if (JSON.stringify(before) !== JSON.stringify(report.observed)) this.#revision++
    this.observed = { ...report.observed, revision: this.#revision }
    this.#inputs = report.inputs
    this.#at = this.#clock.mono() - ageMs
  }

  ageMs(): number | null {
    return this.#at === null ? null : this.#clock.mono() - this.#at
  }
  fresh(): boolean {
    const age = this.ageMs()
    return age !== null && age <= freshMs
  }

  hold(held: Held) {
    this.#held.set(held.kind, held)
  }
  free(kind: Inhibition) {
    this.#held.delete(kind)
  }
  held(kind: Inhibition): Held | null {
    return this.#held.get(kind) ?? null
  }

  /** Every input of the one list, with the age of its evidence; older than 2 s is unknown (S1). */
  interlocks(): Interlock[] {
    return interlockInputs.map((input) => ({ input, ...this.#interlock(input) }))
  }

  inputState(input: InterlockInput): InterlockState {
    return this.#interlock(input).state
  }

  #interlock(input: InterlockInput): { state: InterlockState; ageMs: number | null } {
    if (input === 'fire') return this.#fire.input(this.config.room)
    const ageMs = this.ageMs()
    if (!this.fresh()) return { state: this.#stale(input), ageMs }
    const said = this.#inputs[input]
    if (input === 'forbid' && this.#held.has('forbid')) return { state: 'active', ageMs: 0 }
    if (input === 'otherAisle') {
      const state = worst(said ?? 'clear', this.#ownUse())
      // A controller that never says whether it moves cannot say this either.
      return { state: state === 'unknown' ? this.#unsaid(input) : state, ageMs }
    }
    if (said === 'active' || said === 'clear') return { state: said, ageMs }
    if (input === 'link') return { state: said ?? 'clear', ageMs }
    return { state: this.#unsaid(input), ageMs }
  }
  #unsaid(input: InterlockInput): InterlockState {
    return this.#accepted(input) ? 'notProvided' : 'unknown'
  }
  /** A link that was there and is not any more is a known fact; everything else is unknown. */
  #stale(input: InterlockInput): InterlockState {
    if (input === 'link' && this.#at !== null) return 'active'
    return this.#unsaid(input)
  }
  #accepted(input: InterlockInput): boolean {
    const never = input === 'link' || input === 'fire' || input === 'forbid'
    return !never && this.config.notProvided.includes(input)
  }
  #ownUse(): InputReport {
    if (this.inMotion || this.observed?.motion === 'moving') return 'active'
    return this.observed?.motion === 'still' ? 'clear' : 'unknown'
  }

  /** Looks at everything now; true renews the lease. No caller can say otherwise (S1). A trial proves the side itself. */
  permit(trial = false): boolean {
    const ok = this.refusal(trial) === null
    this.#leaseUntil = ok ? this.#clock.mono() + leaseMs : Number.NEGATIVE_INFINITY
    return ok
  }
  /** S2: monotonic end of the permit, a moment after the last look that found everything well. */
  leaseUntil(): number {
    return this.#leaseUntil
  }
  /** The first input that refuses, as `obstacle active`; null when none does. */
  refusedBy(): string | null {
    const bad = this.interlocks().find((i) => i.state === 'active' || i.state === 'unknown')
    return bad ? `${bad.input} ${bad.state}` : null
  }
  /** The first input that may have ended a motion of ours; that motion's own use of the bank is none. */
  stoppedBy(): string | null {
    const bad = this.interlocks().find(
      ({ input, state }) =>
        (state === 'active' || state === 'unknown') &&
        (input !== 'otherAisle' || this.#inputs.otherAisle === state),
    )
    return bad ? `${bad.input} ${bad.state}` : null
  }
  /** Why motion would be refused now, inhibitions first; null when it would not. */
  refusal(trial = false): string | null {
    const held = [...this.#held.values()][0]
    if (held) return `inhibited: ${held.kind}`
    const { commissioned } = this
    const uncommissioned = trial ? commissioned.inputsRefusal() : commissioned.refusal()
    return uncommissioned ?? this.refusedBy()
  }

  #inhibitions(): Held[] {
    const reason = this.commissioned.refusal()
    const held = [...this.#held.values()]
    if (!reason) return held
    return [...held, { kind: 'commissioning', since: this.#since, by: null, reason }]
  }

  report(): BankReport {
    return {
      bank: this.config.bank,
      ageMs: this.ageMs(),
      observed: this.observed,
      interlocks: this.interlocks(),
      inhibitions: this.#inhibitions(),
      permit: this.permit(),
    }
  }
}

const worst = (a: InputReport, b: InputReport): InputReport => {
  if (a === 'active' || b === 'active') return 'active'
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'clear'
}
