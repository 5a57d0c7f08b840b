/** Places from signal strength alone, without phase (locating 6.2). */
import { loudest, merged, type Profile, type Sample } from './profile.ts'

const samplesOf = (profile: Profile): Sample[] => merged(loudest(profile)?.samples ?? [], 0.01)

/** A channel that was read at fewer places has no peak of its own. */
const leastPlaces = 10

/**
 * Metres along the rail of the place where the tag was loudest: on every channel for itself, and the mean of them, for on
 * one channel two tags of a row are often loudest at the same stop of the antenna; of few reads on all channels
 * together. null when it was never heard.
 */
export function rssiPeak(profile: Profile): number | null {
  const samples = loudest(profile)?.samples ?? []
  const channels = [...Map.groupBy(samples, (s) => s.mhz).values()].map((of) => merged(of, 0.01))
  const peaks = channels.filter((of) => of.length >= leastPlaces).map(peakOf)
  if (peaks.length > 0) return peaks.reduce((sum, x) => sum + x, 0) / peaks.length
  return samples.length > 0 ? peakOf(merged(samples, 0.01)) : null
}

const peakOf = (samples: readonly Sample[]): number =>
  samples.reduce((best, s) => (s.rssi > best.rssi ? s : best)).x

/** Centroid weighted by received power. */
export function powerCentroid(samples: readonly Sample[]): number {
  const weights = samples.map((s) => 10 ** (s.rssi / 10))
  const sum = weights.reduce((a, b) => a + b, 0)
  return samples.reduce((a, s, i) => a + s.x * (weights[i] as number), 0) / sum
}

/** Vertex of the least-squares parabola through RSSI, wherever it lies; the power centroid when it opens upwards. */
export function rssiParabola(profile: Profile): number | null {
  const samples = samplesOf(profile)
  return samples.length === 0 ? null : (summit(samples)?.at ?? powerCentroid(samples))
}

/** The same as a first guess for others, who are not to look outside the track: a vertex there is not believed. */
export function coarsePlace(profile: Profile): number | null {
  const samples = samplesOf(profile)
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return null
  const top = summit(samples)
  return top && top.at >= first.x && top.at <= last.x ? top.at : powerCentroid(samples)
}

function summit(samples: readonly Sample[]) {
  const vertex = vertexOf(
    samples.map((s) => s.x),
    samples.map((s) => s.rssi),
  )
  return vertex && vertex.curvature < 0 ? vertex : null
}

/** Extremum of the least-squares parabola through points; null when they do not give one. */
export function vertexOf(
  xs: readonly number[],
  ys: readonly number[],
): { at: number; curvature: number } | null {
  const n = xs.length
  if (n < 3) return null
  const mean = xs.reduce((a, b) => a + b, 0) / n
  const s = [0, 0, 0, 0, 0]
  const t = [0, 0, 0]
  for (const [i, x] of xs.entries()) {
    const u = x - mean
    let power = 1
    for (let p = 0; p < 5; p++) {
      s[p] = (s[p] as number) + power
      if (p < 3) t[p] = (t[p] as number) + power * (ys[i] as number)
      power *= u
    }
  }
  const [s0, , s2, s3, s4] = s as [number, number, number, number, number]
  const [t0, t1, t2] = t as [number, number, number]
  // The first moment is zero, since u is centred.
  const det = s0 * (s2 * s4 - s3 * s3) - s2 * s2 * s2
  if (Math.abs(det) < 1e-18) return null
  const a = (s0 * (s2 * t2 - s3 * t1) - s2 * s2 * t0) / det
  const b = (s0 * (t1 * s4 - s3 * t2) - s2 * (s2 * t1 - s3 * t0)) / det
  return Math.abs(a) < 1e-12 ? null : { at: mean - b / (2 * a), curvature: a }
}
