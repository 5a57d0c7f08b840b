import type { FactBody, Quantity } from '@lantai/contracts'
import { quantityIds } from './rules.ts'

type Packed = FactBody<'lantai.readings.v1'>

/**
 * One-dimensional array without nulls in PostgreSQL's binary form, as `array_recv` reads it: the server then parses
 * no text, which is half the cost of an insert. `oid` is the element type, `size` its bytes.
 */
class BinaryArray {
  readonly bytes: Buffer
  readonly #size: number
  #end = 20

  constructor(oid: number, size: number, count: number) {
    this.#size = size
    this.bytes = Buffer.allocUnsafe(20 + count * (4 + size))
    this.bytes.writeInt32BE(1, 0)
    this.bytes.writeInt32BE(0, 4)
    this.bytes.writeInt32BE(oid, 8)
    this.bytes.writeInt32BE(1, 16)
  }
  /** Where the next element is to be written. */
  next(): number {
    const at = this.bytes.writeInt32BE(this.#size, this.#end)
    this.#end = at + this.#size
    return at
  }
  close(count: number): Buffer {
    this.bytes.writeInt32BE(count, 12)
    return this.bytes.subarray(0, this.#end)
  }
}

const epoch2000 = Date.UTC(2000, 0, 1)
const hourMs = 3_600_000

const farthest = 2n ** 63n - 2n

/** Microseconds since 2000. What no timestamp can hold stays out of range, and the database refuses that record. */
function timestamp(ms: number): bigint {
  const us = (ms - epoch2000) * 1000
  return Math.abs(us) < 9e18 ? BigInt(Math.round(us)) : us > 0 ? farthest : -farthest
}

/** What one sensor read last of one quantity. */
interface Newest {
  sensor: string
  quantity: Quantity
  value: number
  ms: number
}

/** Four columns that grow together; a row that names no sensor or quantity of its record is left out. */
export class Columns {
  readonly #ids: ReadonlyMap<string, number>
  readonly #sensors: BinaryArray
  readonly #quantities: BinaryArray
  readonly #times: BinaryArray
  readonly #values: BinaryArray
  readonly #newest = new Map<number, Newest>()
  /** The earliest reading of each hour. */
  readonly #hours = new Map<number, number>()
  #count = 0

  /** `rows` is the most that will be added. */
  constructor(ids: ReadonlyMap<string, number>, rows: number) {
    this.#ids = ids
    this.#sensors = new BinaryArray(23, 4, rows)
    this.#quantities = new BinaryArray(21, 2, rows)
    this.#times = new BinaryArray(1184, 8, rows)
    this.#values = new BinaryArray(700, 4, rows)
  }

  get count() {
    return this.#count
  }

  add(start: number, { sensors, quantities, rows }: Packed) {
    const ids = sensors.map((s) => this.#ids.get(s))
    for (const row of rows) {
      const [s, q, value, offset] = row as [number, number, number, number]
      const [id, quantity] = [ids[s], quantities[q]]
      if (id === undefined || quantity === undefined) continue
      const ms = start + offset
      this.#write(id, quantityIds[quantity], ms, value)
      this.#note(id, { sensor: sensors[s] as string, quantity, value, ms })
    }
  }

  #write(id: number, quantity: number, ms: number, value: number) {
    this.#sensors.bytes.writeInt32BE(id, this.#sensors.next())
    this.#quantities.bytes.writeInt16BE(quantity, this.#quantities.next())
    this.#times.bytes.writeBigInt64BE(timestamp(ms), this.#times.next())
    this.#values.bytes.writeFloatBE(value, this.#values.next())
    const hour = Math.floor(ms / hourMs) * hourMs
    const earliest = this.#hours.get(hour)
    if (earliest === undefined || ms < earliest) this.#hours.set(hour, ms)
    this.#count++
  }

  #note(id: number, n: Newest) {
    const key = id * 16 + quantityIds[n.quantity]
    const before = this.#newest.get(key)
    if (!before || n.ms >= before.ms) this.#newest.set(key, n)
  }

  arrays() {
    return {
      sensors: this.#sensors.close(this.#count),
      quantities: this.#quantities.close(this.#count),
      times: this.#times.close(this.#count),
      values: this.#values.close(this.#count),
    }
  }

  /** Hours that hold something from before `limit`. */
  hoursBefore(limit: number): Date[] {
    return [...this.#hours].filter(([, ms]) => ms < limit).map(([hour]) => new Date(hour))
  }

  newest() {
    return [...this.#newest.values()].map(({ sensor, quantity, value, ms }) => ({
      sensor,
      quantity,
      value,
      at: new Date(ms).toISOString(),
    }))
  }
}
