/** A bank whose steel moves with real time, and which tells the world whenever something changed. */
import { ms, systemClock } from '../../system-clock.ts'
import { tellState } from '../port.ts'
import { BankController, type BankSaved, type Verb } from './controller.ts'

const tickMs = 50

export interface BankSteel {
  readonly columns: readonly { readonly column: number; readonly widthMm: number }[]
  readonly railMm: number
  readonly aisleMm: number
  readonly saved: BankSaved | null
}

export class MovingBank {
  readonly bank: BankController
  readonly #detail: () => Readonly<Record<string, unknown>>
  readonly #looked: () => void
  #ticking = false

  /** `looked` is called after every step of time, and after every change. */
  constructor(
    steel: BankSteel,
    detail: () => Readonly<Record<string, unknown>> = () => ({}),
    looked: () => void = () => undefined,
  ) {
    this.bank = new BankController(steel, steel.saved)
    this.#detail = detail
    this.#looked = looked
  }

  command(verb: Verb, number: number) {
    const answer = this.bank.command(verb, number)
    this.changed()
    return answer
  }

  /** Something happened to it from outside. */
  changed(): void {
    this.report()
    if (this.#ticking || !this.bank.status().moving) return
    this.#ticking = true
    const now = systemClock.mono()
    systemClock.after(ms(tickMs), () => this.#tick(now))
  }

  report(): void {
    this.#looked()
    const s = this.bank.status()
    tellState({
      busy: s.moving,
      bank: this.bank.saved,
      detail: {
        ...s,
        x: s.x.map(Math.round),
        verbsAccepted: this.bank.verbsAccepted,
        lastAnswer: this.bank.lastAnswer,
        ...this.#detail(),
      },
    })
  }

  #tick(last: number): void {
    const now = systemClock.mono()
    // A machine that slept must not throw the carriages forward.
    this.bank.advance(Math.min(now - last, 500))
    this.report()
    this.#ticking = this.bank.status().moving
    if (this.#ticking) systemClock.after(ms(tickMs), () => this.#tick(now))
  }
}
