/** Residual tables as people read them, one column each. */
import { number } from '../table.ts'
import type { ResidualTable } from './residual-table.ts'

export const tableRows = (...tables: ResidualTable[]): string[][] => {
  const list = (values: readonly number[]) => values.map((v) => number(v, 2)).join(' ')
  const rows: [string, (t: ResidualTable) => string][] = [
    ['phase rms within 20 cm / 20–40 cm, rad', (t) => list([t.rmsInner, t.rmsOuter])],
    ['absolute phase p50 / p90 / p99, rad', (t) => list(t.absolute)],
    ['rms of one tag p10 / p50 / p90, rad', (t) => list(t.perTag)],
    ['kurtosis', (t) => list([t.kurtosis])],
    ['correlation at 2, 4, 6, 10, 16, 24 cm', (t) => list(t.alongX)],
    ['correlation across 0.5, 1.5, 3.5 MHz', (t) => list(t.acrossChannels)],
    ['RSSI rms, dB / correlation at 10 cm', (t) => list([t.rssiRms, t.rssiAlongX])],
  ]
  return rows.map(([name, show]) => [name, ...tables.map(show)])
}
