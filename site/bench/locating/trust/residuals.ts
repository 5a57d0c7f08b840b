/**
 * What free space leaves unexplained (locating 5): per row one x offset and one depth by least circular variance within
 * 40 cm of each tag, per tag and channel the mean removed.
 */
import { channels, type MeasuredRow, type Sample } from './measured-row.ts'

const windowMm = 400
const lightMmPerMicrosecond = 299_792.458
/** Radians a millimetre of distance, there and back. */
const twoWay = channels.map((mhz) => (4 * Math.PI * mhz) / lightMmPerMicrosecond)

export interface Residual {
  tag: number
  channel: number
  stop: number
  /** Antenna minus tag. */
  offsetMm: number
  phaseRad: number
  /** About 40·log10 of the distance. */
  rssiDb: number
}

export interface RowResiduals {
  row: MeasuredRow
  depthMm: number
  shiftMm: number
  residuals: Residual[]
}

export function residualsOf(row: MeasuredRow): RowResiduals {
  const fit = search(row)
  return { row, ...fit, residuals: leftOver(row, fit) }
}

interface Fit {
  depthMm: number
  shiftMm: number
}

/** From coarse to fine; the surface has one peak that matters. */
function search(row: MeasuredRow): Fit {
  let best = scan(row, { from: 300, to: 1000, step: 40 }, { from: -60, to: 60, step: 20 })
  for (const step of [20, 10, 5]) {
    const around = (at: number) => ({ from: at - 2 * step, to: at + 2 * step, step })
    best = scan(row, around(best.depthMm), around(best.shiftMm))
  }
  return best
}

interface Grid {
  from: number
  to: number
  step: number
}

function scan(row: MeasuredRow, depths: Grid, shifts: Grid): Fit {
  let best = { value: -1, depthMm: depths.from, shiftMm: shifts.from }
  for (let depthMm = depths.from; depthMm <= depths.to; depthMm += depths.step)
    for (let shiftMm = shifts.from; shiftMm <= shifts.to; shiftMm += shifts.step) {
      const value = coherence(row, { depthMm, shiftMm })
      if (value > best.value) best = { value, depthMm, shiftMm }
    }
  return best
}

const inWindow = (row: MeasuredRow, fit: Fit, s: Sample) =>
  Math.abs(offsetOf(row, fit, s)) <= windowMm
const offsetOf = (row: MeasuredRow, fit: Fit, s: Sample) =>
  s.xMm - (row.tagsMm[s.tag] as number) - fit.shiftMm
const key = (s: Sample) => s.tag * channels.length + s.channel

/** Mean resultant length about one constant per tag and channel. */
function coherence(row: MeasuredRow, fit: Fit): number {
  const sums = resultants(row, fit)
  let [length, count] = [0, 0]
  for (const sum of sums) {
    length += Math.hypot(sum.re, sum.im)
    count += sum.count
  }
  return length / Math.max(1, count)
}

interface Sum {
  re: number
  im: number
  count: number
}

function resultants(row: MeasuredRow, fit: Fit): Sum[] {
  const sums = Array.from({ length: row.tagsMm.length * channels.length }, () => ({
    ...{ re: 0, im: 0, count: 0 },
  }))
  for (const s of row.samples) {
    if (!inWindow(row, fit, s)) continue
    const turned = unexplained(row, fit, s)
    const sum = sums[key(s)] as Sum
    sum.re += Math.cos(turned)
    sum.im += Math.sin(turned)
    sum.count++
  }
  return sums
}

const distanceOf = (row: MeasuredRow, fit: Fit, s: Sample) =>
  Math.hypot(offsetOf(row, fit, s), fit.depthMm)
const unexplained = (row: MeasuredRow, fit: Fit, s: Sample) =>
  s.phaseRad - (twoWay[s.channel] as number) * distanceOf(row, fit, s)

function leftOver(row: MeasuredRow, fit: Fit): Residual[] {
  const phases = resultants(row, fit)
  const inside = row.samples.filter((s) => inWindow(row, fit, s))
  const level = (s: Sample) => s.rssiDbm + 40 * Math.log10(distanceOf(row, fit, s))
  const levels = new Map<number, { sum: number; count: number }>()
  for (const s of inside) {
    const l = levels.get(key(s)) ?? { sum: 0, count: 0 }
    levels.set(key(s), { sum: l.sum + level(s), count: l.count + 1 })
  }
  return inside.map((s) => {
    const mean = phases[key(s)] as Sum
    const l = levels.get(key(s)) as { sum: number; count: number }
    return {
      tag: s.tag,
      channel: s.channel,
      stop: s.stop,
      offsetMm: offsetOf(row, fit, s),
      phaseRad: wrap(unexplained(row, fit, s) - Math.atan2(mean.im, mean.re)),
      rssiDb: level(s) - l.sum / l.count,
    }
  })
}

const wrap = (rad: number) => rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI))
