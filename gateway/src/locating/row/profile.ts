import type { RowConstants } from '../constants.ts'
import { waveNumber } from './coupling.ts'
import type { RowInput, TagSamples } from './row.ts'
import { whitening } from './whiten.ts'

/** What one antenna heard of one tag, in order of x: one point a centimetre, channels merged. */
export interface Profile {
  /** Index among the tags that have samples. */
  tag: number
  antenna: number
  x: Float64Array
  /** rad·mm⁻¹ one way. */
  k: Float64Array
  /** Square root of the field that came back: amplitude of the way one way, phase of the way there and back. */
  re: Float64Array
  im: Float64Array
  /** Relative amplitude, 1 in the mean square, and what it is relative to: mW^¼. */
  amplitude: Float64Array
  rms: number
  /** 1 where there is a phase, else 0, and `re`, `im` are meaningless. */
  hasPhase: Uint8Array
  /** Lower triangle, row by row: residuals times this are independent. `phase` leaves out points without one. */
  white: { phase: Float64Array; amplitude: Float64Array }
}

/** rad·mm⁻¹ over all points. */
export function meanWaveNumber(profiles: readonly Profile[]): number {
  let [sum, n] = [0, 0]
  for (const { k } of profiles) {
    for (const value of k) sum += value
    n += k.length
  }
  return sum / n
}

/** One place, all channels: sums over its reads. */
interface Point {
  x: number
  k: number
  re: number
  im: number
  db: number
  weight: number
  phased: number
}

/** Profiles of a tag, one an antenna, the channel lines (rad·MHz⁻¹, by antenna) taken out. */
export function profilesOf(
  tag: number,
  samples: TagSamples,
  input: RowInput,
  lines: Float64Array,
  c: RowConstants,
): Profile[] {
  return input.antennas.flatMap((_, antenna) => {
    const mine = [...samples.x.keys()].filter((i) => samples.antenna[i] === antenna)
    if (mine.length === 0) return []
    return [profileOf(tag, antenna, pointsOf(samples, mine, lines[antenna] as number, c), c)]
  })
}

function pointsOf(s: TagSamples, mine: number[], line: number, c: RowConstants): Point[] {
  const at = (i: number) => s.x[i] as number
  mine.sort((a, b) => at(a) - at(b) || (s.mhz[a] as number) - (s.mhz[b] as number))
  const points: Point[] = []
  let first = Number.NEGATIVE_INFINITY
  for (const i of mine) {
    if (at(i) - first > c.mergeMm) {
      points.push({ x: 0, k: 0, re: 0, im: 0, db: 0, weight: 0, phased: 0 })
      first = at(i)
    }
    add(points.at(-1) as Point, s, i, line)
  }
  return points
}

function add(p: Point, s: TagSamples, i: number, line: number) {
  const weight = s.weight[i] as number
  const mhz = s.mhz[i] as number
  p.x += weight * (s.x[i] as number)
  p.k += weight * waveNumber(mhz)
  p.db += weight * (s.rssi[i] as number)
  p.weight += weight
  const phase = (s.phase[i] as number) - line * mhz
  if (!Number.isFinite(phase)) return
  p.re += weight * Math.cos(phase)
  p.im += weight * Math.sin(phase)
  p.phased += weight
}

function profileOf(tag: number, antenna: number, points: Point[], c: RowConstants): Profile {
  const x = Float64Array.from(points, (p) => p.x / p.weight)
  const amplitude = Float64Array.from(points, (p) => 10 ** (p.db / p.weight / 40))
  const rms = Math.sqrt(amplitude.reduce((sum, a) => sum + a * a, 0) / points.length)
  for (let i = 0; i < amplitude.length; i++) amplitude[i] = (amplitude[i] as number) / rms
  const hasPhase = Uint8Array.from(points, (p) => (Math.hypot(p.re, p.im) > 0 ? 1 : 0))
  const unit = (v: number, p: Point, i: number) =>
    hasPhase[i] ? ((amplitude[i] as number) * v) / Math.hypot(p.re, p.im) : 0
  return {
    tag,
    antenna,
    x,
    k: Float64Array.from(points, (p) => p.k / p.weight),
    re: Float64Array.from(points, (p, i) => unit(p.re, p, i)),
    im: Float64Array.from(points, (p, i) => unit(p.im, p, i)),
    amplitude,
    rms,
    hasPhase,
    white: { phase: whitening(x, hasPhase, c), amplitude: whitening(x, null, c) },
  }
}
