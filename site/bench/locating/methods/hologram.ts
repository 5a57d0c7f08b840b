/**
 * Holograms (locating 6.6): at every place of a grid, how well the phases agree with the distances from there. They
 * differ in how much each sample counts, in what is kept, and in whether a row shares one depth.
 */
import { merged, type Profile, type Sample, type Track, wrap } from './profile.ts'
import { coarsePlace } from './rssi.ts'

/** What is known of the board, metres: of its tags above the floor, and from the rail to them. */
export interface Board {
  height: number
  depth: number | null
}

interface Looked {
  track: Track
  samples: Sample[]
  weights: number[]
}

/** Grid of depth where the board's is not known. Step as in locating 6.8. */
const depths = Array.from({ length: 17 }, (_, i) => 0.35 + 0.05 * i)
const depthsOf = ({ depth }: Board) => (depth === null ? depths : [depth])
const step = 0.01
/** How far beyond the walked track a tag is looked for. */
const beyond = 0.05

/** Resultant length of the weighted phasors at one place, 0…1; antennas have offsets of their own. */
function agreement(looks: readonly Looked[], x: number, y: number, height: number): number {
  let sum = 0
  let all = 0
  for (const { track, samples, weights } of looks) {
    const across = Math.hypot(y - track.towards, height - track.height)
    let re = 0
    let im = 0
    for (let i = 0; i < samples.length; i++) {
      const s = samples[i] as Sample
      const w = weights[i] as number
      const dx = s.x - x
      const angle = s.phase - s.k * Math.sqrt(dx * dx + across * across)
      re += w * Math.cos(angle)
      im += w * Math.sin(angle)
      all += w
    }
    sum += Math.sqrt(re * re + im * im)
  }
  return all > 0 ? sum / all : 0
}

interface Peak {
  x: number
  value: number
}

/** The best place of a line of the grid, refined by a parabola through it and its neighbours. */
export function linePeak(from: number, to: number, of: (x: number) => number): Peak {
  const n = Math.max(1, Math.round((to - from) / step))
  const values = Array.from({ length: n + 1 }, (_, i) => of(from + i * step))
  let at = 0
  for (let i = 1; i <= n; i++) if ((values[i] as number) > (values[at] as number)) at = i
  const value = values[at] as number
  const left = values[at - 1]
  const right = values[at + 1]
  if (left === undefined || right === undefined) return { x: from + at * step, value }
  const bend = left - 2 * value + right
  const shift = bend < 0 ? (0.5 * (left - right)) / bend : 0
  return { x: from + (at + shift) * step, value }
}

const withPhase = (samples: readonly Sample[]) => samples.filter((s) => !Number.isNaN(s.phase))

const strongest = (samples: readonly Sample[]) =>
  samples.reduce((best, s) => Math.max(best, s.rssi), Number.NEGATIVE_INFINITY)

const even = (samples: readonly Sample[]) => samples.map(() => 1)

/** Each sample counts as its amplitude. */
function byAmplitude(samples: readonly Sample[]): number[] {
  const top = strongest(samples)
  return samples.map((s) => 10 ** ((s.rssi - top) / 20))
}

const looksOf = (
  { tracks }: Profile,
  weigh: (samples: readonly Sample[]) => number[],
  collapse: number,
): Looked[] =>
  tracks.map((track) => {
    const samples = merged(withPhase(track.samples), collapse)
    return { track, samples, weights: weigh(samples) }
  })

const extent = (looks: readonly Looked[]): [number, number] => {
  const xs = looks.flatMap((l) => l.samples.map((s) => s.x))
  return [Math.min(...xs) - beyond, Math.max(...xs) + beyond]
}

const heard = (looks: readonly Looked[]) => looks.some((l) => l.samples.length > 1)

function bestOverDepths(board: Board, peakAt: (y: number) => Peak): Peak {
  const peaks = depthsOf(board).map(peakAt)
  return peaks.reduce((best, p) => (p.value > best.value ? p : best))
}

/** All samples count alike, each tag has a depth of its own. */
export function hologram(profile: Profile, board: Board): number | null {
  const looks = looksOf(profile, even, 0.01)
  if (!heard(looks)) return coarsePlace(profile)
  const [from, to] = extent(looks)
  return bestOverDepths(board, (y) =>
    linePeak(from, to, (x) => agreement(looks, x, y, board.height)),
  ).x
}

/** Probability that a normal variable lies further out than |z|, both sides (Abramowitz and Stegun 7.1.26). */
function beyondNormal(z: number): number {
  const u = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * u)
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return poly * Math.exp(-u * u)
}

/** Samples between the two of a pair at full density; one apart where there are few. */
const pairGap = 5

interface Pair {
  a: Sample
  b: Sample
}

const pairsOf = (samples: readonly Sample[]): Pair[] => {
  const apart = samples.length > 4 * pairGap ? pairGap : 1
  return samples.slice(apart).map((b, i) => ({ a: samples[i] as Sample, b }))
}

/** Weight of a pair by how far its difference is from the expected one, radians. */
type PairWeight = (off: number) => number

/**
 * Differential hologram: differences of phase along the track against differences of distance, so that no offset is
 * left to fit. The real part counts: a constant surplus in all differences is a place further along, and no agreement.
 */
function ofPairs(profile: Profile, board: Board, weigh: PairWeight): number | null {
  const looks = looksOf(profile, even, 0.01)
  if (!heard(looks)) return coarsePlace(profile)
  const parts = looks.map((l) => ({ track: l.track, pairs: pairsOf(l.samples) }))
  const value = (x: number, y: number) => {
    let sum = 0
    for (const { track, pairs } of parts) {
      const across = Math.hypot(y - track.towards, board.height - track.height)
      for (const { a, b } of pairs) {
        const way = b.k * Math.hypot(b.x - x, across) - a.k * Math.hypot(a.x - x, across)
        const off = wrap(b.phase - a.phase - way)
        sum += weigh(off) * Math.cos(off)
      }
    }
    return sum
  }
  const [from, to] = extent(looks)
  return bestOverDepths(board, (y) => linePeak(from, to, (x) => value(x, y))).x
}

/** All pairs count alike. */
export const differential = (profile: Profile, board: Board): number | null =>
  ofPairs(profile, board, () => 1)

/** Standard deviation of a difference of two phases of 0.1 rad each, as Tagoram has it. */
const pairSigma = 0.1 * Math.SQRT2

/** Differential augmented hologram of Tagoram (MobiCom 2014): a pair counts by how likely its difference is. */
export const tagoram = (profile: Profile, board: Board): number | null =>
  ofPairs(profile, board, (off) => 2 * beyondNormal(off / pairSigma))

/**
 * MobiTagbot (MobiSys 2016): a place on the track where the phase steps from channel to channel agree is little
 * disturbed by multipath and counts more, by the entropy of the steps. A place is 2 cm where it was read on several
 * channels, else the reads of the nearest 10 cm stand for it.
 */
export function mobiTagbot(profile: Profile, board: Board): number | null {
  const looks = profile.tracks.map((track) => {
    const samples = withPhase(track.samples)
    const weights = samples.map((s) => entropyNear(samples, s.x))
    return { track, samples, weights }
  })
  if (!heard(looks)) return coarsePlace(profile)
  const [from, to] = extent(looks)
  return bestOverDepths(board, (y) =>
    linePeak(from, to, (x) => agreement(looks, x, y, board.height)),
  ).x
}

/** Entropy of the steps between neighbouring channels at a place, 0…1; 1 where there are too few to tell. */
function entropyNear(samples: readonly Sample[], x: number): number {
  const near = samples.filter((s) => Math.abs(s.x - x) < 0.01)
  const wide = near.length >= 4 ? near : samples.filter((s) => Math.abs(s.x - x) < 0.05)
  const byChannel = [...wide].sort((a, b) => a.mhz - b.mhz)
  const steps = byChannel
    .slice(1)
    .map((s, i) => Math.abs(wrap(s.phase - (byChannel[i] as Sample).phase)))
  const sum = steps.reduce((a, b) => a + b, 0)
  if (steps.length < 2 || sum === 0) return 1
  const shares = steps.map((d) => d / sum)
  const entropy = -shares.reduce((a, p) => a + (p > 0 ? p * Math.log(p) : 0), 0)
  return entropy / Math.log(steps.length)
}

const window = 0.4

/** Amplitude-weighted, reads within 40 cm of the coarse place, and one depth for the whole row. */
export function weightedRow(
  profiles: readonly Profile[],
  board: Board,
): Map<string, number | null> {
  const tags = profiles.map((profile) => {
    const coarse = coarsePlace(profile)
    const looks = looksOf(profile, byAmplitude, 0.01).map((l) => within(l, coarse ?? 0))
    return { epc: profile.epc, coarse, looks, usable: coarse !== null && heard(looks) }
  })
  const peaksAt = (y: number) =>
    tags.map(({ coarse, looks, usable }) =>
      usable && coarse !== null
        ? linePeak(coarse - window, coarse + window, (x) => agreement(looks, x, y, board.height))
        : null,
    )
  const lines = depthsOf(board).map(peaksAt)
  const total = (peaks: readonly (Peak | null)[]) => peaks.reduce((a, p) => a + (p?.value ?? 0), 0)
  const best = lines.reduce((a, b) => (total(b) > total(a) ? b : a))
  return new Map(tags.map((t, i) => [t.epc, best[i]?.x ?? t.coarse]))
}

/** Samples of the window; all of them where it would leave too few. */
function within(look: Looked, x: number): Looked {
  const kept = look.samples.map((s, i) => ({ s, w: look.weights[i] as number }))
  const near = kept.filter(({ s }) => Math.abs(s.x - x) <= window)
  const used = near.length >= 4 ? near : kept
  return { track: look.track, samples: used.map((u) => u.s), weights: used.map((u) => u.w) }
}
