/** The bound on recordings: rows sorted by places as exact as Cramér and Rao allow, drawn again and again. */
import type { LocatingCase } from '../case.ts'
import { profilesOf } from '../methods/profile.ts'
import { gaussian, type Random, seeded } from '../prng.ts'
import type { Recording } from '../recordings.ts'
import { cholesky, leastSigma } from './bound.ts'
import { type Kernel, kernelOf } from './kernel.ts'
import { type KnownTag, type ResidualTrack, residualsOf } from './residuals.ts'

const draws = 200

/** Scored tags of a row where they truly stand, shifted by what nobody measured: the zero of the rail, and a depth. */
function tagsOf(given: LocatingCase, { depthMm }: Recording, dx: number, dy: number): KnownTag[] {
  const profiles = profilesOf(given.scene, given.reads, () => given.lineRadPerMHz ?? 0)
  return given.truth.flatMap((t) => {
    const profile = profiles.get(t.epc)
    if (!profile || !t.scored || t.xMm === null) return []
    return [{ profile, x: t.xMm / 1000 + dx, height: 0, depth: depthMm / 1000 + dy }]
  })
}

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)

/** One offset and one depth for each row, chosen for the least residual, as the design did (locating 5). */
function rowTracks(given: LocatingCase, recording: Recording): ResidualTrack[] {
  const choices = steps(-0.04, 0.04, 0.01).flatMap((dx) =>
    steps(-0.14, 0.06, 0.02).map((dy) =>
      tagsOf(given, recording, dx, dy).flatMap((tag) => residualsOf(tag, () => 0)),
    ),
  )
  const cost = (tracks: readonly ResidualTrack[]) =>
    tracks.flatMap((t) => t.residuals).reduce((sum, r) => sum + 1 - Math.cos(r.value), 0)
  return choices.reduce((a, b) => (cost(b) < cost(a) ? b : a))
}

/** Errors of neighbours go together as their fields do. */
function errorsOf(
  random: Random,
  tracks: readonly ResidualTrack[],
  kernel: Kernel,
  sigmas: readonly number[],
) {
  const together = tracks.map((a) =>
    tracks.map(
      (b) => Math.exp(-Math.abs(a.tagX - b.tagX) / kernel.neighbours) + (a === b ? 1e-9 : 0),
    ),
  )
  const lower = cholesky(together)
  return () => {
    const z = tracks.map(() => gaussian(random))
    return lower.map((row, i) => {
      const common = row.reduce((sum, l, j) => sum + l * (z[j] as number), 0)
      return common * (sigmas[i] as number)
    })
  }
}

export interface RecordedBound {
  /** Share of tags at their exact rank. */
  rank: number
  /** Median standard deviation, centimetres. */
  sigmaCm: number
}

/** Rows of one density. The residuals' statistics are those of the same rows: an oracle may know them. */
export function recordedBound(
  cases: readonly LocatingCase[],
  recordings: readonly Recording[],
  kernel: Kernel | null = null,
): RecordedBound & { kernel: Kernel } {
  const rows = cases.map((given, i) => rowTracks(given, recordings[i] as Recording))
  const own = kernel ?? kernelOf(rows)
  const random = seeded('oracle')
  let right = 0
  let all = 0
  const sigmas: number[] = []
  for (const tracks of rows) {
    const least = tracks.map((t) => leastSigma([t], own))
    sigmas.push(...least)
    const draw = errorsOf(random, tracks, own, least)
    const order = tracks
      .map((_, i) => i)
      .sort((a, b) => (tracks[a]?.tagX ?? 0) - (tracks[b]?.tagX ?? 0))
    for (let n = 0; n < draws; n++) {
      const errors = draw()
      const at = (i: number) => (tracks[i]?.tagX ?? 0) + (errors[i] as number)
      const found = [...order].sort((a, b) => at(a) - at(b))
      right += found.filter((tag, rank) => order[rank] === tag).length
      all += order.length
    }
  }
  const sigmaCm = 100 * (sigmas.sort((a, b) => a - b)[sigmas.length >> 1] as number)
  return { rank: right / all, sigmaCm, kernel: own }
}
