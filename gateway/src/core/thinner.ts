import type { FactBody } from '@lantai/contracts'

type Readings = FactBody<'lantai.readings.v1'>
const minuteMs = 60_000

/** What goes on: readings, and how many single ones went into their means. */
export interface Thinned {
  /** Wall milliseconds that the offsets of the rows count from. */
  at: number
  body: Readings
  merged: number
  toMs: number
}

interface Mean {
  sum: number
  n: number
  /** Wall milliseconds of the last of them. */
  last: number
}

/**
 * Readings of one line on their way into the store. While space is short, those of a minute become one mean each, and
 * how many were merged is said with them, so that readings and gaps together are what was measured (G4).
 */
export class Thinner {
  readonly #tight: () => boolean
  readonly #tell: (thinned: Thinned) => void
  #minute: { began: number; sensors: string[]; quantities: Readings['quantities'] } | null = null
  #means = new Map<string, Mean>()
  #rows = 0

  constructor(tight: () => boolean, tell: (thinned: Thinned) => void) {
    this.#tight = tight
    this.#tell = tell
  }

  /** @param at wall milliseconds that the offsets of the rows count from */
  take(at: number, body: Readings) {
    const minute = this.#minute
    const over = minute && Math.floor(at / minuteMs) !== Math.floor(minute.began / minuteMs)
    if (over || !this.#tight()) this.flush()
    if (!this.#tight()) return this.#tell({ at, body, merged: 0, toMs: at })
    this.#minute ??= { began: at, sensors: body.sensors, quantities: body.quantities }
    for (const [sensor = 0, quantity = 0, value = 0, after = 0] of body.rows) {
      const key = `${sensor}/${quantity}`
      const mean = this.#means.get(key) ?? { sum: 0, n: 0, last: 0 }
      this.#means.set(key, { sum: mean.sum + value, n: mean.n + 1, last: at + after })
      this.#rows++
    }
  }

  /** What is open goes on now: the minute is over, there is room again, or the end has come. */
  flush() {
    const minute = this.#minute
    if (!minute) return
    const { began, sensors, quantities } = minute
    const rows = [...this.#means].map(([key, m]) => {
      const [sensor = 0, quantity = 0] = key.split('/').map(Number)
      return [sensor, quantity, m.sum / m.n, Math.max(0, Math.round(m.last - began))]
    })
    const toMs = Math.max(...[...this.#means.values()].map((m) => m.last))
    const merged = this.#rows - rows.length
    this.#minute = null
    this.#means = new Map()
    this.#rows = 0
    this.#tell({ at: began, body: { sensors, quantities, rows }, merged, toMs })
  }
}
