/** Size and smoothness of the residual field: measured, and a positive definite kernel fitted to it. */
import { type ResidualTrack, windowMetres } from './residuals.ts'

export interface Kernel {
  /** Radians rms of residuals within 20 cm of the tag along the rail, and further out. */
  near: number
  far: number
  /** Share of the variance that neighbouring samples do not have in common. */
  white: number
  /** exp(−(h/length)²)·cos(2πh/period) of the rest; metres. */
  length: number
  period: number
  /** Correlation of the fields of two tags `spacing` metres apart: falls as exp(−distance/neighbours). */
  neighbours: number
  /** Correlation of the fields of one tag at two antennas, at one place along the rail. */
  antennas: number
}

const halfWindow = windowMetres / 2
const binMetres = 0.02
const bins = 16

interface Bin {
  sum: number
  weight: number
}

const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((a, v) => a + v * v, 0) / Math.max(1, values.length))

/** Correlation by distance along the rail, bins of 2 cm. */
export function correlations(tracks: readonly ResidualTrack[]): number[] {
  const found = Array.from({ length: bins }, (): Bin => ({ sum: 0, weight: 0 }))
  for (const { residuals } of tracks)
    for (const [i, a] of residuals.entries())
      for (const b of residuals.slice(i + 1)) {
        const bin = found[Math.round((b.x - a.x) / binMetres)]
        if (!bin) continue
        bin.sum += a.value * b.value
        bin.weight += (a.value * a.value + b.value * b.value) / 2
      }
  return found.map((b) => (b.weight > 0 ? b.sum / b.weight : Number.NaN))
}

const shape = (h: number, length: number, period: number) =>
  Math.exp(-((h / length) ** 2)) * Math.cos((2 * Math.PI * h) / period)

export const correlation = (kernel: Kernel, h: number): number =>
  h === 0 ? 1 : (1 - kernel.white) * shape(h, kernel.length, kernel.period)

const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)

/** Least squares over a grid: three numbers, and nothing that could run away. */
function fitShape(measured: readonly number[]): Pick<Kernel, 'white' | 'length' | 'period'> {
  let best = { white: 0, length: 0.1, period: 1 }
  let least = Number.POSITIVE_INFINITY
  for (const white of range(0, 0.6, 0.02))
    for (const length of range(0.04, 0.5, 0.02))
      for (const period of [...range(0.2, 1, 0.04), 10]) {
        const cost = measured.reduce((sum, c, i) => {
          if (i === 0 || Number.isNaN(c)) return sum
          return sum + (c - (1 - white) * shape(i * binMetres, length, period)) ** 2
        }, 0)
        if (cost < least) [least, best] = [cost, { white, length, period }]
      }
  return best
}

/** Correlation of residuals of two tracks at one place of their antennas, added up over pairs of tracks. */
class Together {
  #sum = 0
  #weight = 0

  add(a: ResidualTrack, b: ResidualTrack): number {
    let pairs = 0
    for (const r of a.residuals) {
      const other = b.residuals.find((q) => Math.abs(q.x - r.x) < binMetres / 2)
      if (!other) continue
      this.#sum += r.value * other.value
      this.#weight += (r.value ** 2 + other.value ** 2) / 2
      pairs++
    }
    return pairs
  }

  /** Never below 0, nor so near 1 that nothing would be left. */
  get correlation(): number {
    return this.#weight > 0 ? Math.min(0.95, Math.max(0, this.#sum / this.#weight)) : 0
  }
}

const farthestNeighbour = 0.15

/** Metres over which the correlation of two tags at one antenna falls to 1/e, from pairs by their distance. */
function neighbourLength(tracks: readonly ResidualTrack[]): number {
  const together = new Together()
  let distance = 0
  let pairs = 0
  const sorted = [...tracks].sort((a, b) => a.antenna - b.antenna || a.tagX - b.tagX)
  for (const [i, b] of sorted.entries()) {
    const a = sorted[i - 1]
    if (!a || b.antenna !== a.antenna || b.tagX - a.tagX > farthestNeighbour) continue
    const n = together.add(a, b)
    distance += n * (b.tagX - a.tagX)
    pairs += n
  }
  const common = together.correlation
  return common > 0.02 ? -distance / pairs / Math.log(common) : 1e-6
}

function antennaCorrelation(tracks: readonly ResidualTrack[]): number {
  const together = new Together()
  for (const own of Map.groupBy(tracks, (t) => t.tagX).values())
    for (const [i, a] of own.entries()) for (const b of own.slice(i + 1)) together.add(a, b)
  return together.correlation
}

/** Of all tracks of one kind of place. `rows` are the tracks of one shelf each, for what neighbours share. */
export function kernelOf(rows: readonly (readonly ResidualTrack[])[]): Kernel {
  const tracks = rows.flat()
  const at = (near: boolean) =>
    tracks.flatMap((t) =>
      t.residuals.flatMap((r) => (Math.abs(r.x - t.tagX) <= halfWindow === near ? [r.value] : [])),
    )
  const lengths = rows.map(neighbourLength).sort((a, b) => a - b)
  return {
    near: rms(at(true)),
    far: rms(at(false)),
    ...fitShape(correlations(tracks)),
    neighbours: lengths[lengths.length >> 1] ?? 1e-6,
    antennas: antennaCorrelation(tracks),
  }
}

/** Radians rms at a distance along the rail from the tag. */
export const sizeAt = (kernel: Kernel, metres: number): number =>
  Math.abs(metres) <= halfWindow ? kernel.near : kernel.far
