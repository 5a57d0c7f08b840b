import {
  type Clock,
  type FactBody,
  millis,
  type Quantity,
  quantities,
  type Timer,
} from '@lantai/contracts'

/** A line that answers slowly is packed at least this often. */
const longestMs = 1000

type Row = [sensor: number, quantity: number, value: number, afterMs: number]

/**
 * Packs the readings of one line into one record a poll cycle: eight units are one record, because one
 * message a reading is a wall (performance 1).
 */
export class Packer {
  readonly #clock: Clock
  readonly #sensors: string[]
  readonly #pack: (startedAt: number, body: FactBody<'lantai.readings.v1'>) => void
  readonly #seen = new Set<string>()
  #rows: Row[] = []
  #startedAt = 0
  #timer: Timer | null = null

  constructor(
    sensors: readonly string[],
    clock: Clock,
    pack: (startedAt: number, body: FactBody<'lantai.readings.v1'>) => void,
  ) {
    this.#clock = clock
    this.#sensors = [...sensors]
    this.#pack = pack
  }

  reading(sensor: string, values: Partial<Record<Quantity, number>>) {
    const at = this.#sensors.indexOf(sensor)
    if (at < 0) return
    if (this.#seen.has(sensor)) this.flush()
    if (this.#rows.length === 0) {
      this.#startedAt = this.#clock.now()
      this.#timer = this.#clock.after(millis(longestMs), () => this.flush())
    }
    this.#seen.add(sensor)
    const afterMs = Math.max(0, Math.round(this.#clock.now() - this.#startedAt))
    quantities.forEach((quantity, i) => {
      const value = values[quantity]
      if (value !== undefined && Number.isFinite(value)) this.#rows.push([at, i, value, afterMs])
    })
    if (this.#seen.size === this.#sensors.length) this.flush()
  }

  flush() {
    this.#timer?.cancel()
    this.#timer = null
    this.#seen.clear()
    const rows = this.#rows
    this.#rows = []
    if (rows.length === 0) return
    this.#pack(this.#startedAt, { sensors: this.#sensors, quantities: [...quantities], rows })
  }
}
