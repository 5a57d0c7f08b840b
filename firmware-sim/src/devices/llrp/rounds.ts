/** A ROSpec at work: when its rounds start and end, and when what was read is reported. */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'
import type { Field } from './field.ts'
import { fold, type TagRead } from './reports.ts'
import type { RoSpec } from './specs.ts'

const dwellMs = 50

export interface RoundsOut {
  report(spec: RoSpec, reads: TagRead[]): void
  rospecEvent(spec: RoSpec, type: 'start' | 'end'): void
  aiSpecEnd(spec: RoSpec): void
  /** False while nobody can be told: passing tags wait. */
  listening(): boolean
}

export class Rounds {
  readonly spec: RoSpec
  readonly #clock: Clock
  readonly #field: Field
  readonly #out: RoundsOut
  /** Inventories, and hears no tag. */
  readonly #deaf: boolean
  #timer: Timer | null = null
  #active = false
  #startedAt = 0
  #lastNewAt = 0
  #held = new Map<string, TagRead>()

  constructor(spec: RoSpec, clock: Clock, field: Field, out: RoundsOut, deaf: boolean) {
    this.spec = spec
    this.#clock = clock
    this.#field = field
    this.#out = out
    this.#deaf = deaf
  }

  get active(): boolean {
    return this.#active
  }

  /** Enabled: starts by itself where its trigger says so. */
  enable(): void {
    const { type, offsetMs } = this.spec.start
    if (type === 1) this.start()
    // The first one at the time of the request and the offset.
    if (type === 2 && offsetMs > 0) this.#after(offsetMs, () => this.start())
    else if (type === 2) this.start()
  }

  start(): void {
    if (this.#active) return
    this.#active = true
    this.#startedAt = this.#clock.mono()
    this.#lastNewAt = this.#startedAt
    this.#held.clear()
    this.#out.rospecEvent(this.spec, 'start')
    this.#after(dwellMs, () => this.#dwell())
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
    if (!this.#active) return
    this.#active = false
    this.flush()
    this.#out.rospecEvent(this.spec, 'end')
  }

  /** Reports what has been gathered: at the end of a round, or because the client asks. */
  flush(): void {
    if (this.#held.size > 0) this.#out.report(this.spec, [...this.#held.values()])
    this.#held.clear()
  }

  #dwell(): void {
    const { antennas, session, txDbm } = this.spec
    const power = (a: number) => txDbm.get(a) ?? 0
    const reads = this.#deaf ? [] : this.#field.dwell(antennas, session, power, dwellMs)
    if (this.#out.listening() && !this.#deaf) reads.push(...this.#field.passed(antennas))
    else this.#field.pauseBursts()
    this.#gather(reads)
    if (this.#roundIsOver()) this.#endRound()
    else this.#after(dwellMs, () => this.#dwell())
  }

  #gather(reads: TagRead[]): void {
    const { trigger, n } = this.spec.report
    if (reads.length === 0) return
    if (trigger !== 0 && n === 1) {
      this.#out.report(this.spec, reads)
      return
    }
    for (const r of reads) {
      if (!this.#held.has(`${r.epc}/${r.antenna}`)) this.#lastNewAt = this.#clock.mono()
      fold(this.#held, r)
    }
    if (trigger !== 0 && n > 1 && this.#held.size >= n) this.flush()
  }

  #roundIsOver(): boolean {
    const { ai, stopMs } = this.spec
    const now = this.#clock.mono()
    const ran = now - this.#startedAt
    if (stopMs > 0 && ran >= stopMs) return true
    if (ai.stopType === 1) return ran >= ai.stopMs
    const cutOff = ai.timeoutMs > 0 && ran >= ai.timeoutMs
    return ai.stopType === 3 && (now - this.#lastNewAt >= ai.quietMs || cutOff)
  }

  #endRound(): void {
    // A period of 0 is one round alone.
    const periodic = this.spec.start.type === 2 && this.spec.start.periodMs > 0
    const next = this.#startedAt + this.spec.start.periodMs - this.#clock.mono()
    // Where the report waits for the end of the ROSpec, the event of the AISpec goes first.
    if (this.spec.report.trigger === 1) this.flush()
    this.#out.aiSpecEnd(this.spec)
    this.stop()
    if (periodic) this.#after(Math.max(0, next), () => this.start())
  }

  #after(delayMs: number, job: () => void): void {
    this.#timer?.cancel()
    this.#timer = this.#clock.after(ms(delayMs), job)
  }
}
