/** Reads and positions of a walk as they come, in columns that grow to a bound and no further. */
import type { TagRead } from '../../drivers/driver.ts'

/** Half an hour at 400 reads a second, 26 bytes each. */
export const mostReads = 720_000
/** Two hours at twenty a second. */
export const mostPositions = 144_000
const firstRoom = 4096

type Column = Float64Array | Float32Array | Uint32Array | Uint16Array

export function roomFor<T extends Column>(column: T, index: number, most: number): T {
  if (index < column.length) return column
  const wider = new (column.constructor as new (n: number) => T)(Math.min(most, 2 * column.length))
  wider.set(column)
  return wider
}

/** As it crosses to another thread. */
export interface ReadTable {
  readonly size: number
  /** Microseconds: of the device's clock, or of ours where it gives none, until the walk has ended. */
  readonly at: Float64Array
  /** Index in `epcs`. */
  readonly tag: Uint32Array
  readonly antenna: Uint16Array
  readonly mhz: Float32Array
  /** NaN where the reader gives none. */
  readonly phase: Float32Array
  readonly rssi: Float32Array
  readonly epcs: readonly string[]
}

export class ReadColumns implements ReadTable {
  size = 0
  at = new Float64Array(firstRoom)
  tag = new Uint32Array(firstRoom)
  antenna = new Uint16Array(firstRoom)
  mhz = new Float32Array(firstRoom)
  phase = new Float32Array(firstRoom)
  rssi = new Float32Array(firstRoom)
  readonly epcs: string[] = []
  readonly #numbers = new Map<string, number>()

  get isFull(): boolean {
    return this.size >= mostReads
  }

  add(at: number, r: TagRead & { rssiDbm: number; frequencyKhz: number }): void {
    const i = this.size++
    this.#grow(i)
    this.at[i] = at
    this.tag[i] = this.#numberOf(r.epc)
    this.antenna[i] = r.antenna
    this.mhz[i] = r.frequencyKhz / 1000
    this.phase[i] = r.phaseRad ?? Number.NaN
    this.rssi[i] = r.rssiDbm
  }

  #numberOf(epc: string): number {
    const known = this.#numbers.get(epc)
    if (known !== undefined) return known
    this.#numbers.set(epc, this.epcs.length)
    return this.epcs.push(epc) - 1
  }

  #grow(i: number): void {
    this.at = roomFor(this.at, i, mostReads)
    this.tag = roomFor(this.tag, i, mostReads)
    this.antenna = roomFor(this.antenna, i, mostReads)
    this.mhz = roomFor(this.mhz, i, mostReads)
    this.phase = roomFor(this.phase, i, mostReads)
    this.rssi = roomFor(this.rssi, i, mostReads)
  }
}

export class PositionColumns {
  size = 0
  at = new Float64Array(firstRoom)
  x = new Float64Array(firstRoom)

  get isFull(): boolean {
    return this.size >= mostPositions
  }

  add(at: number, xMm: number): void {
    const i = this.size++
    this.at = roomFor(this.at, i, mostPositions)
    this.x = roomFor(this.x, i, mostPositions)
    this.at[i] = at
    this.x[i] = xMm
  }
}
