/** The residual table of locating 5, from any rows. */

import { channels } from './measured-row.ts'
import type { Residual, RowResiduals } from './residuals.ts'

const stopCm = 2
export const lagsCm = [2, 4, 6, 10, 16, 24] as const
/** In channels of half a megahertz. */
export const channelLags = [1, 3, 7] as const

export interface ResidualTable {
  rmsInner: number
  rmsOuter: number
  /** p50, p90, p99 of the absolute phase residual. */
  absolute: number[]
  /** p10, p50, p90 over the tags of their rms. */
  perTag: number[]
  kurtosis: number
  alongX: number[]
  acrossChannels: number[]
  rssiRms: number
  /** Of RSSI, at 10 cm. */
  rssiAlongX: number
}

export function residualTable(rows: readonly RowResiduals[]): ResidualTable {
  const all = rows.flatMap((r) => r.residuals)
  const phase = (r: Residual) => r.phaseRad
  const inner = all.filter((r) => Math.abs(r.offsetMm) <= 200).map(phase)
  const outer = all.filter((r) => Math.abs(r.offsetMm) > 200).map(phase)
  const tags = rows
    .flatMap((r) =>
      r.row.tagsMm.map((_, tag) => r.residuals.filter((x) => x.tag === tag).map(phase)),
    )
    .filter((heard) => heard.length > 0)
    .map(rms)
  return {
    rmsInner: rms(inner),
    rmsOuter: rms(outer),
    absolute: quantiles(
      all.map((r) => Math.abs(r.phaseRad)),
      [0.5, 0.9, 0.99],
    ),
    perTag: quantiles(tags, [0.1, 0.5, 0.9]),
    kurtosis: kurtosis(all.map(phase)),
    alongX: lagsCm.map((cm) => correlation(rows, phase, cm / stopCm, 0)),
    acrossChannels: channelLags.map((lag) => correlation(rows, phase, 0, lag)),
    rssiRms: rms(all.map((r) => r.rssiDb)),
    rssiAlongX: correlation(rows, (r) => r.rssiDb, 5, 0),
  }
}

/** Of a tag's residual with itself, so many stops and channels further. */
function correlation(
  rows: readonly RowResiduals[],
  value: (r: Residual) => number,
  stops: number,
  lag: number,
): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (const { residuals } of rows) {
    const at = new Map(residuals.map((r) => [cell(r.tag, r.channel, r.stop), value(r)]))
    for (const r of residuals) {
      const b = at.get(cell(r.tag, r.channel + lag, r.stop + stops))
      if (b === undefined || r.channel + lag >= channels.length) continue
      const a = value(r)
      ab += a * b
      aa += a * a
      bb += b * b
    }
  }
  return ab / Math.sqrt(aa * bb)
}

const cell = (tag: number, channel: number, stop: number) => (tag * 100 + channel) * 1000 + stop

export const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length)

function kurtosis(values: readonly number[]): number {
  const fourth = values.reduce((sum, v) => sum + v ** 4, 0) / values.length
  return fourth / rms(values) ** 4
}

export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  return shares.map((share) => {
    const at = share * (sorted.length - 1)
    const low = sorted[Math.floor(at)] as number
    const high = sorted[Math.ceil(at)] as number
    return low + (at - Math.floor(at)) * (high - low)
  })
}

/** Kolmogorov–Smirnov distance: the largest gap between two distributions. */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [[...a].sort((p, q) => p - q), [...b].sort((p, q) => p - q)]
  let [i, j, widest] = [0, 0, 0]
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i] as number, y[j] as number)
    while (i < x.length && (x[i] as number) <= at) i++
    while (j < y.length && (y[j] as number) <= at) j++
    widest = Math.max(widest, Math.abs(i / x.length - j / y.length))
  }
  return widest
}
