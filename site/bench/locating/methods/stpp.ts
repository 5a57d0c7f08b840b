/**
 * STPP (NSDI 2015, locating 6.3 and 6.4): dynamic time warping of the segments of a profile onto those of a reference
 * finds the V-zone, and a quadratic through its unwrapped phase the place.
 */
import { loudest, merged, type Profile, type Sample, unwrap, waveNumber } from './profile.ts'
import { powerCentroid, vertexOf } from './rssi.ts'

interface Segment {
  from: number
  to: number
  low: number
  high: number
  /** Length along the rail, metres. */
  length: number
}

const turn = 2 * Math.PI
const nominalDepth = 0.65
/** A segment is cut when its phase has run over this much. */
const span = Math.PI / 2
const gap = 0.01
/** The tag adds a phase of its own: the reference is tried at so many of them. */
const offsets = 8

const folded = (rad: number) => ((rad % turn) + turn) % turn

/** Cuts at wraps and where the range exceeds the span. Indices are those of the samples, both ends included. */
function segmentsOf(xs: readonly number[], phases: readonly number[]): Segment[] {
  const out: Segment[] = []
  let open: Segment | undefined
  for (const [i, phase] of phases.entries()) {
    const before = phases[i - 1]
    const cut = before === undefined || Math.abs(phase - before) > Math.PI
    const low = Math.min(open?.low ?? phase, phase)
    const high = Math.max(open?.high ?? phase, phase)
    if (!open || cut || high - low > span) {
      open = { from: i, to: i, low: phase, high: phase, length: gap }
      out.push(open)
      continue
    }
    Object.assign(open, { to: i, low, high })
    open.length = (xs[i] as number) - (xs[open.from] as number) + gap
  }
  return out
}

const costOf = (a: Segment, b: Segment) =>
  (Math.abs(a.low - b.low) + Math.abs(a.high - b.high)) * Math.min(a.length, b.length)

/** Least cost of warping all of the reference onto a part of the measured, and the measured segments at `vertex`. */
function warp(reference: readonly Segment[], measured: readonly Segment[], vertex: number) {
  const m = measured.length
  const cost: number[][] = []
  const from: number[][] = []
  for (const [i, r] of reference.entries()) {
    const row: number[] = []
    const steps: number[] = []
    for (const [j, s] of measured.entries()) {
      const up = i === 0 ? 0 : (cost[i - 1]?.[j] ?? Number.POSITIVE_INFINITY)
      const slant = i === 0 || j === 0 ? Number.POSITIVE_INFINITY : (cost[i - 1]?.[j - 1] as number)
      const left = i === 0 || j === 0 ? Number.POSITIVE_INFINITY : (row[j - 1] as number)
      const least = Math.min(up, slant, left)
      row.push(costOf(r, s) + least)
      steps.push(least === slant ? 0 : least === up ? 1 : 2)
    }
    cost.push(row)
    from.push(steps)
  }
  const lastRow = cost.at(-1) as number[]
  let j = lastRow.indexOf(Math.min(...lastRow))
  const best = lastRow[j] as number
  const zone: number[] = []
  for (let i = reference.length - 1; i >= 0 && j >= 0 && j < m; ) {
    if (i === vertex) zone.push(j)
    const step = from[i]?.[j]
    if (step !== 2) i--
    if (step !== 1 && i >= 0) j--
  }
  return { best, zone }
}

function referenceOf(offset: number) {
  const xs = Array.from({ length: 61 }, (_, i) => -0.6 + i * 0.02)
  const k = waveNumber(922.5)
  const phases = xs.map((x) => folded(k * (Math.hypot(x, nominalDepth) - nominalDepth) + offset))
  const segments = segmentsOf(xs, phases)
  return { segments, vertex: segments.findIndex((s) => s.from <= 30 && s.to >= 30) }
}

const references = Array.from({ length: offsets }, (_, i) => referenceOf((i * turn) / offsets))

/** Index range of the samples that the warping takes for the V-zone. */
function zoneOf(samples: readonly Sample[]): [number, number] {
  const segments = segmentsOf(
    samples.map((s) => s.x),
    samples.map((s) => folded(s.phase)),
  )
  const warped = references.map((r) => warp(r.segments, segments, r.vertex))
  const { zone } = warped.reduce((a, b) => (b.best < a.best ? b : a))
  const parts = zone.map((j) => segments[j] as Segment)
  return [Math.min(...parts.map((p) => p.from)), Math.max(...parts.map((p) => p.to))]
}

function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - 2), i + 3)
    return near.reduce((a, b) => a + b, 0) / near.length
  })
}

/** Vertex of the quadratic through the V-zone: the least phase inside `[from, to]`, and its sides up to π above. */
export function vZone(samples: readonly Sample[], from: number, to: number): number | null {
  const phases = smoothed(unwrap(samples.map((s) => s.phase)))
  let at = from
  for (let i = from; i <= to; i++) if ((phases[i] as number) < (phases[at] as number)) at = i
  const limit = (phases[at] as number) + Math.PI
  let left = at
  let right = at
  while (left > 0 && (phases[left - 1] as number) < limit) left--
  while (right < phases.length - 1 && (phases[right + 1] as number) < limit) right++
  const zone = samples.slice(left, right + 1)
  const vertex = vertexOf(
    zone.map((s) => s.x),
    phases.slice(left, right + 1),
  )
  if (!vertex || vertex.curvature <= 0) return null
  return Math.min((zone.at(-1) as Sample).x, Math.max((zone[0] as Sample).x, vertex.at))
}

/** Metres along the rail; the centre of power where the phase has no V. null when never heard. */
export function stpp(profile: Profile): number | null {
  const samples = merged(loudest(profile)?.samples ?? [], gap).filter((s) => !Number.isNaN(s.phase))
  if (samples.length === 0) return null
  if (samples.length < 3) return powerCentroid(samples)
  return vZone(samples, ...zoneOf(samples)) ?? powerCentroid(samples)
}
