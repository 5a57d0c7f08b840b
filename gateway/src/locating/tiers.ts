import type { WalkScene } from '@lantai/contracts'
import type { TierConstants } from './constants.ts'
import type { Heard } from './heard.ts'

/** Boards at one height and distance: the antennas hear them alike, whatever section they are in. */
export interface Tiers {
  /** Index of the tier of every shelf of the scene. */
  ofShelf: Int32Array
  heightMm: Float64Array
  depthMm: Float64Array
}

/** What an antenna hears of a tier, straight in front of it. */
export interface TierModel {
  /** [tier × antennas + antenna]: dBm of a tag of usual strength. */
  level: Float64Array
  /** [tier × antennas + antenna]: share of a tag's reads that this antenna makes. */
  share: Float64Array
  antennas: number
}

export function tiersOf(scene: WalkScene, c: TierConstants): Tiers {
  const heights: number[] = []
  const depths: number[] = []
  const ofShelf = Int32Array.from(scene.shelves, (s) => {
    const depth = s.depthMm ?? c.nominalDepthMm
    const known = heights.findIndex(
      (h, i) =>
        Math.abs(h - s.heightMm) <= c.sameTierMm &&
        Math.abs((depths[i] as number) - depth) <= c.sameTierMm,
    )
    if (known >= 0) return known
    heights.push(s.heightMm)
    return depths.push(depth) - 1
  })
  return { ofShelf, heightMm: Float64Array.from(heights), depthMm: Float64Array.from(depths) }
}

/** Level by geometry alone: two-way path loss and a patch antenna's lobe; its zero is arbitrary. */
function geometricLevel(scene: WalkScene, tiers: Tiers, c: TierConstants): Float64Array {
  const antennas = scene.antennas.length
  const level = new Float64Array(tiers.heightMm.length * antennas)
  for (let t = 0; t < tiers.heightMm.length; t++)
    for (const [a, { offsetMm }] of scene.antennas.entries()) {
      const up = (tiers.heightMm[t] as number) - offsetMm[1]
      const out = Math.max(100, (tiers.depthMm[t] as number) - offsetMm[2])
      const angle = (Math.atan2(up, out) * 180) / Math.PI
      const lobe = Math.min(c.lobeFloorDb, 12 * (angle / c.lobeDegrees) ** 2)
      level[t * antennas + a] = -20 * Math.log10((up ** 2 + out ** 2) / 1e6) - 2 * lobe
    }
  return level
}

/** Shares of reads that go with levels, until the reads themselves tell. */
function sharesFrom(level: Float64Array, antennas: number, c: TierConstants): Float64Array {
  const share = new Float64Array(level.length)
  for (let t = 0; t < level.length; t += antennas) {
    const row = level.subarray(t, t + antennas)
    const top = row.reduce((a, b) => Math.max(a, b))
    const w = row.map((l) => Math.exp((l - top) / c.shareDb) + c.shareFloor)
    const sum = w.reduce((a, b) => a + b)
    share.set(
      w.map((v) => v / sum),
      t,
    )
  }
  return share
}

/** Tags whose tier is believed with this weight. */
export interface Believed {
  heard: Heard
  /** Weight of every tier, 0 to 1. */
  weight: Float64Array
}

/**
 * Levels and shares of every tier and antenna: geometry, drawn to what tags of believed tiers gave. The level of an
 * antenna as a whole (cable, gain) is learned from all of them, so that a tier nobody is sure of still fits.
 */
export function learnTiers(
  scene: WalkScene,
  tiers: Tiers,
  believed: readonly Believed[],
  c: TierConstants,
): TierModel {
  const antennas = scene.antennas.length
  const geometry = geometricLevel(scene, tiers, c)
  const n = geometry.length
  const sum = new Float64Array(n)
  const weight = new Float64Array(n)
  const reads = new Float64Array(n)
  for (const { heard, weight: w } of believed)
    for (let t = 0; t < tiers.heightMm.length; t++) {
      const p = w[t] as number
      if (p < c.leastBelief) continue
      for (let a = 0; a < antennas; a++) {
        const i = t * antennas + a
        const count = heard.reads[a] as number
        reads[i] = (reads[i] as number) + p * count
        if (count === 0) continue
        const looks = p * Math.min(heard.looks[a] as number, c.mostLooks)
        weight[i] = (weight[i] as number) + looks
        sum[i] = (sum[i] as number) + looks * (heard.level[a] as number)
      }
    }
  const offset = antennaOffsets(geometry, sum, weight, antennas)
  const level = geometry.map((g, i) => {
    const prior = g + (offset[i % antennas] as number)
    return ((sum[i] as number) + c.priorLooks * prior) / ((weight[i] as number) + c.priorLooks)
  })
  return { level, share: sharesOf(level, reads, antennas, c), antennas }
}

function antennaOffsets(
  geometry: Float64Array,
  sum: Float64Array,
  weight: Float64Array,
  antennas: number,
): Float64Array {
  const over = new Float64Array(antennas)
  const under = new Float64Array(antennas)
  let allOver = 0
  let allUnder = 0
  for (const [i, g] of geometry.entries()) {
    const a = i % antennas
    const w = weight[i] as number
    const d = (sum[i] as number) - w * g
    over[a] = (over[a] as number) + d
    under[a] = (under[a] as number) + w
    allOver += d
    allUnder += w
  }
  const all = allUnder > 0 ? allOver / allUnder : 0
  return over.map((d, a) => (d + 4 * all) / ((under[a] as number) + 4))
}

function sharesOf(
  level: Float64Array,
  reads: Float64Array,
  antennas: number,
  c: TierConstants,
): Float64Array {
  const prior = sharesFrom(level, antennas, c)
  const share = new Float64Array(level.length)
  for (let t = 0; t < level.length; t += antennas) {
    let all = 0
    for (let a = 0; a < antennas; a++) all += reads[t + a] as number
    for (let a = 0; a < antennas; a++)
      share[t + a] =
        ((reads[t + a] as number) + c.priorReads * (prior[t + a] as number)) / (all + c.priorReads)
  }
  return share
}
