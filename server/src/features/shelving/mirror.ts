import type { BankReport, Clock, FactBody, Live, Timer } from '@lantai/contracts'
import { millis } from '@lantai/contracts'
import type { Heard } from './preflight.ts'

/** Changed banks at most five a second, all banks once a second. */
const changedEveryMs = 200
const allEveryMs = 1_000
/** A silent gateway is told once more, so that pages draw it as unknown. */
const silentAfterMs = 5_500

/** Two gateways that report the same bank: told once. */
export interface Clash {
  bank: string
  owner: string
  other: string
}

interface Entry {
  gateway: string
  report: BankReport
  at: number
}

/**
 * The last report of every bank. In memory on purpose: it is a mirror of what is a second away from being said
 * again, and nothing may depend on it. `push` is called with the banks that open pages should be told of.
 */
export class BankMirror {
  readonly #clock: Clock
  readonly #push: (banks: readonly string[]) => void
  readonly #clash: (clash: Clash) => void
  readonly #clashing = new Set<string>()
  readonly #entries = new Map<string, Entry>()
  readonly #waiting = new Set<string>()
  readonly #silence = new Map<string, Timer>()
  #flush: Timer | null = null
  #lastPush = Number.NEGATIVE_INFINITY
  #lastAll = Number.NEGATIVE_INFINITY

  constructor(
    clock: Clock,
    push: (banks: readonly string[]) => void,
    clash: (clash: Clash) => void = () => undefined,
  ) {
    this.#clock = clock
    this.#push = push
    this.#clash = clash
  }

  take(gateway: string, live: Live): void {
    const at = this.#clock.mono()
    for (const report of live.banks) {
      const before = this.#entries.get(report.bank)
      if (before && this.#foreign(before, gateway, report.bank)) continue
      this.#entries.set(report.bank, { gateway, report, at })
      if (!before || fingerprint(before.report) !== fingerprint(report))
        this.#waiting.add(report.bank)
    }
    if (at - this.#lastAll >= allEveryMs) {
      for (const bank of this.#entries.keys()) this.#waiting.add(bank)
      this.#lastAll = at
    }
    this.#watchSilence(gateway)
    this.#pushSoon()
  }

  /** S9: a bank has one gateway. Another may take it over when the first has fallen silent, not before. */
  #foreign(owner: Entry, gateway: string, bank: string): boolean {
    const key = `${gateway} ${bank}`
    if (owner.gateway === gateway || this.#clock.mono() - owner.at > silentAfterMs) {
      this.#clashing.delete(key)
      return false
    }
    if (!this.#clashing.has(key)) this.#clash({ bank, owner: owner.gateway, other: gateway })
    this.#clashing.add(key)
    return true
  }

  /** Tells open pages of a bank with the next push: its command changed. */
  touch(bank: string): void {
    this.#waiting.add(bank)
    this.#pushSoon()
  }

  heard(bank: string): (Heard & { gateway: string }) | null {
    const entry = this.#entries.get(bank)
    if (!entry) return null
    return {
      gateway: entry.gateway,
      report: entry.report,
      agoMs: this.#clock.mono() - entry.at,
    }
  }

  stop(): void {
    this.#flush?.cancel()
    for (const timer of this.#silence.values()) timer.cancel()
  }

  #watchSilence(gateway: string) {
    this.#silence.get(gateway)?.cancel()
    const told = () => {
      for (const [bank, entry] of this.#entries)
        if (entry.gateway === gateway) this.#waiting.add(bank)
      this.#pushSoon()
    }
    this.#silence.set(gateway, this.#clock.after(millis(silentAfterMs), told))
  }

  #pushSoon() {
    if (this.#waiting.size === 0 || this.#flush) return
    const wait = this.#lastPush + changedEveryMs - this.#clock.mono()
    if (wait <= 0) return this.#pushNow()
    this.#flush = this.#clock.after(millis(wait), () => this.#pushNow())
  }

  #pushNow() {
    this.#flush = null
    this.#lastPush = this.#clock.mono()
    const banks = [...this.#waiting]
    this.#waiting.clear()
    this.#push(banks)
  }
}

/** Everything but the ages, which always change and are counted on by whoever shows them. */
function fingerprint(report: BankReport): string {
  const { ageMs: _, interlocks, ...rest } = report
  return JSON.stringify([rest, interlocks.map((i) => [i.input, i.state])])
}

export type CommandTransition = FactBody<'lantai.command.v1'>
