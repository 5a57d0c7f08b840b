import type { RowConstants } from '../constants.ts'
import type { Profile } from './profile.ts'
import type { RowAntenna } from './row.ts'

const tau = 2 * Math.PI

/**
 * A first x for every tag at one depth, each for itself and without coupling: the robust fit of locating 6.8, by
 * Huber's cost over a grid about the place where the tag was loudest.
 */
export function scan(
  profiles: readonly Profile[],
  tags: number,
  antennas: readonly RowAntenna[],
  depthMm: number,
  c: RowConstants,
): { x: Float64Array; cost: number } {
  const x = new Float64Array(tags)
  let cost = 0
  for (let tag = 0; tag < tags; tag++) {
    const mine = profiles.filter((p) => p.tag === tag)
    const best = scanTag(mine, antennas, depthMm, c)
    x[tag] = best.x
    cost += Math.min(best.cost, c.tagCostCap)
  }
  return { x, cost }
}

/** Where a tag was loudest, by power. */
export function loudest(profiles: readonly Profile[]): number {
  let sum = 0
  let at = 0
  for (const p of profiles)
    for (let s = 0; s < p.x.length; s++) {
      const power = (p.amplitude[s] as number) ** 4
      sum += power
      at += power * (p.x[s] as number)
    }
  return at / sum
}

function scanTag(
  profiles: Profile[],
  antennas: readonly RowAntenna[],
  depth: number,
  c: RowConstants,
) {
  const centre = loudest(profiles)
  const steps = Math.round(c.windowMm / c.xStepMm)
  let best = { x: centre, cost: c.tagCostCap }
  for (let i = -steps; i <= steps; i++) {
    const x = centre + i * c.xStepMm
    const cost =
      profiles.reduce((sum, p) => sum + misfit(p, antennas, depth, x, centre, c), 0) /
      profiles.length
    if (cost < best.cost) best = { x, cost }
  }
  return best
}

/** Mean of Huber's cost of the phase about its own offset, weighted with the amplitude. */
function misfit(
  p: Profile,
  antennas: readonly RowAntenna[],
  depthMm: number,
  x: number,
  centre: number,
  c: RowConstants,
): number {
  const antenna = antennas[p.antenna] as RowAntenna
  const near = (depthMm - antenna.towardsMm) ** 2 + antenna.upMm ** 2
  const n = p.x.length
  const angles = new Float64Array(n)
  let [re, im] = [0, 0]
  for (let s = 0; s < n; s++) {
    const xs = p.x[s] as number
    if (!p.hasPhase[s] || Math.abs(xs - centre) > c.windowMm) continue
    const r =
      Math.atan2(p.im[s] as number, p.re[s] as number) -
      2 * (p.k[s] as number) * Math.sqrt((xs - x) ** 2 + near)
    angles[s] = r
    re += Math.cos(r)
    im += Math.sin(r)
  }
  const offset = Math.atan2(im, re)
  let [cost, weight] = [0, 0]
  for (let s = 0; s < n; s++) {
    if (!p.hasPhase[s] || Math.abs((p.x[s] as number) - centre) > c.windowMm) continue
    const turn = (angles[s] as number) - offset
    const a = Math.abs(turn - tau * Math.round(turn / tau))
    const w = Math.sqrt(p.amplitude[s] as number)
    cost += w * (a <= c.kneeRad ? 0.5 * a * a : c.kneeRad * (a - 0.5 * c.kneeRad))
    weight += w
  }
  return weight > 0 ? cost / weight : c.tagCostCap
}
