import type { ShelfConstants } from './constants.ts'
import type { Heard } from './heard.ts'
import { lnRising } from './math.ts'
import type { TierModel } from './tiers.ts'

/**
 * ln likelihood of what one tag gave, were it on a tier: the levels of the antennas against each other and against
 * the usual strength of a tag (normal, one strength a tag), and how its reads fall on them (Dirichlet-multinomial).
 */
export function tierLikelihood(
  heard: Heard,
  model: TierModel,
  tier: number,
  c: ShelfConstants,
): number {
  return levels(heard, model, tier, c) + shares(heard, model, tier, c)
}

function levels(heard: Heard, { level, antennas }: TierModel, tier: number, c: ShelfConstants) {
  let precision = 1 / c.strengthDb ** 2
  let weighted = 0
  let squares = 0
  let lnScale = Math.log(c.strengthDb)
  for (let a = 0; a < antennas; a++) {
    if (heard.reads[a] === 0) continue
    const variance = c.levelDb ** 2 / (heard.looks[a] as number) + c.modelDb ** 2
    const residual = (heard.level[a] as number) - (level[tier * antennas + a] as number)
    precision += 1 / variance
    weighted += residual / variance
    squares += (residual * residual) / variance
    lnScale += 0.5 * Math.log(2 * Math.PI * variance)
  }
  return -0.5 * (squares - (weighted * weighted) / precision) - lnScale - 0.5 * Math.log(precision)
}

/** Reads of one walk come in bunches, so a handful of them says less than its number. */
function shares(heard: Heard, { share, antennas }: TierModel, tier: number, c: ShelfConstants) {
  let all = 0
  let sum = 0
  for (let a = 0; a < antennas; a++) {
    const n = heard.reads[a] as number
    const alpha = c.shareConcentration * (share[tier * antennas + a] as number)
    all += n
    sum += lnRising(alpha, n)
  }
  return sum - lnRising(c.shareConcentration, all)
}

/** The same for a tag on none of these shelves: weak, and heard by any antenna. */
export function strayLikelihood(heard: Heard, model: TierModel, c: ShelfConstants): number {
  const { antennas } = model
  const usual = usualLevel(model)
  let sum = 0
  let all = 0
  let bunches = 0
  const alpha = c.strayConcentration / antennas
  for (let a = 0; a < antennas; a++) {
    const n = heard.reads[a] as number
    all += n
    bunches += lnRising(alpha, n)
    if (n === 0) continue
    const variance = c.levelDb ** 2 / (heard.looks[a] as number) + c.strayDb ** 2
    const residual = (heard.level[a] as number) - (usual - c.strayBelowDb)
    sum -= 0.5 * (residual ** 2 / variance) + 0.5 * Math.log(2 * Math.PI * variance)
  }
  return sum + bunches - lnRising(c.strayConcentration, all)
}

/** What the best placed antenna hears of a tag of usual strength, on average over the tiers. */
function usualLevel({ level, antennas }: TierModel): number {
  let sum = 0
  for (let t = 0; t < level.length; t += antennas)
    sum += level.subarray(t, t + antennas).reduce((a, b) => Math.max(a, b))
  return sum / (level.length / antennas)
}

/** By how many dB a tag was louder than is usual on a tier, over all antennas that heard it. */
export function strengthOn(heard: Heard, { level, antennas }: TierModel, tier: number): number {
  let sum = 0
  let looks = 0
  for (let a = 0; a < antennas; a++) {
    if (heard.reads[a] === 0) continue
    const n = heard.looks[a] as number
    looks += n
    sum += n * ((heard.level[a] as number) - (level[tier * antennas + a] as number))
  }
  return looks > 0 ? sum / looks : 0
}
