/**
 * Where a tag is by EdgeX's rules, as its source has them: `internal/inventory` of edgexfoundry/app-rfid-llrp-inventory
 * (`tagprocessor.go`, `mobilityprofile.go`, `config.go`). A location is one antenna of one reader. A tag moves when
 * the mean RSSI of the last twenty reads at the new antenna, two at least, is above that of the old one plus an
 * offset: threshold 6 dB for the first 500 ms after the last read there, then falling by 0.008 dB a millisecond
 * (profile `asset_tracking`, the default). Departed after 600 s, looked for every 30 s.
 */
const slopeDbPerMs = -0.008
const thresholdDb = 6
const holdOffMs = 500
const intercept = thresholdDb - slopeDbPerMs * holdOffMs
const meanOf = 20
export const departedAfterMs = 600_000
export const lookEveryMs = 30_000

const offsetAfter = (ms: number) => Math.min(thresholdDb, slopeDbPerMs * ms + intercept)

interface Stats {
  lastRead: number
  rssi: number[]
}

export type EdgexEvent =
  | { what: 'arrived'; antenna: number }
  | { what: 'moved'; from: number; to: number }

export class EdgexTag {
  #location: number | null = null
  #present = false
  #at = new Map<number, Stats>()
  lastRead = 0

  read(at: number, antenna: number, rssiDbm: number | undefined): EdgexEvent | null {
    const before = this.#location
    this.lastRead = at
    this.#locate(at, antenna, rssiDbm)
    const now = this.#location ?? antenna
    if (!this.#present) {
      this.#present = true
      return { what: 'arrived', antenna: now }
    }
    return before === null || before === now ? null : { what: 'moved', from: before, to: now }
  }

  /** True when this look finds it departed: its statistics begin anew. */
  look(at: number): boolean {
    if (!this.#present || at - this.lastRead <= departedAfterMs) return false
    this.#present = false
    this.#at = new Map()
    return true
  }

  get present(): boolean {
    return this.#present
  }

  #locate(at: number, antenna: number, rssiDbm: number | undefined) {
    const here = this.#at.get(antenna) ?? { lastRead: 0, rssi: [] }
    this.#at.set(antenna, here)
    if (rssiDbm !== undefined) here.rssi.push(rssiDbm)
    if (here.rssi.length > meanOf) here.rssi.shift()
    here.lastRead = at
    if (this.#location === null || this.#location === antenna) {
      this.#location = antenna
      return
    }
    const there = this.#at.get(this.#location)
    if (!there || there.rssi.length === 0) this.#location = antenna
    else if (here.rssi.length >= 2)
      if (mean(here.rssi) > mean(there.rssi) + offsetAfter(at - there.lastRead))
        this.#location = antenna
  }
}

const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length
