import type { Clock } from '@lantai/contracts'

/** As long as this a count is shown as incomplete after reads were lost. */
const holeShownMs = 600_000
const fruitlessMs = 60_000

interface Hole {
  fromMs: number
  toMs: number
  /** Sum of what was counted. */
  count: number
  /** Some of it was not counted. */
  more: boolean
  shownUntil: number
}

/** Why a device that answers is not well: lasting reasons, reads that were lost, messages without any read. */
export class Findings {
  readonly #clock: Clock
  readonly #lasting = new Map<string, string>()
  #hole: Hole | null = null
  #fruitlessSince: number | null = null
  #fruitless = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `null` takes the reason back. */
  set(key: string, reason: string | null) {
    if (reason === null) this.#lasting.delete(key)
    else this.#lasting.set(key, reason)
  }

  /** `count` is null when the device did not say how many. Holes that are still shown are told as one: their sum and their whole span. Wall milliseconds. */
  lost(fromMs: number, toMs: number, count: number | null) {
    const before = this.#shown()
    this.#hole = {
      fromMs: Math.min(fromMs, before?.fromMs ?? fromMs),
      toMs: Math.max(toMs, before?.toMs ?? toMs),
      count: (before?.count ?? 0) + (count ?? 0),
      more: (before?.more ?? false) || count === null,
      shownUntil: this.#clock.mono() + holeShownMs,
    }
  }

  /** A message of which nothing could be used, though it should have had reads. */
  fruitless() {
    this.#fruitlessSince ??= this.#clock.mono()
    this.#fruitless += 1
  }
  fruitful() {
    this.#fruitlessSince = null
    this.#fruitless = 0
  }

  /** All reasons as one sentence; null when there is none. */
  get detail(): string | null {
    const reasons = [...this.#lasting.values()]
    const hole = this.#shown()
    if (hole) reasons.push(lostText(hole))
    const barren = this.#barren()
    if (barren) reasons.push(barren)
    return reasons.length > 0 ? reasons.join('; ') : null
  }

  #shown(): Hole | null {
    if (this.#hole && this.#clock.mono() >= this.#hole.shownUntil) this.#hole = null
    return this.#hole
  }

  /** One odd message proves nothing; two and a minute without a read do. */
  #barren(): string | null {
    if (this.#fruitlessSince === null || this.#fruitless < 2) return null
    if (this.#clock.mono() - this.#fruitlessSince < fruitlessMs) return null
    return `${this.#fruitless} messages and no read in them for 60 s or more`
  }
}

function lostText({ count, more, fromMs, toMs }: Hole): string {
  const counted = more ? `${count} or more reads` : count === 1 ? '1 read' : `${count} reads`
  return `${count === 0 ? 'reads' : counted} lost ${clockTime(fromMs)}–${clockTime(toMs)}`
}

/** Of the place where the gateway stands. */
function clockTime(ms: number): string {
  const at = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
