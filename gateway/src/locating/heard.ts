import type { HeardConstants } from './constants.ts'
import type { Profiles } from './profiles.ts'

/** How loud one tag was, by antenna of the scene; what tells its shelf. */
export interface Heard {
  /** Power-weighted middle of its reads, mm of the rail: right to a hand's breadth. */
  x: number
  reads: Float64Array
  /** Mean dBm as if every read had come from straight in front; NaN where the antenna did not hear it. */
  level: Float64Array
  /** Independent looks behind the level: places 10 cm apart. */
  looks: Float64Array
}

/** Middle of the reads, each by its power, from the loudest place and its surroundings only. */
function middleOf(p: Profiles, from: number, to: number, reachMm: number): number {
  let loudest = from
  for (let i = from; i < to; i++)
    if ((p.rssi[i] as number) > (p.rssi[loudest] as number)) loudest = i
  const top = p.rssi[loudest] as number
  let centre = p.x[loudest] as number
  for (let round = 0; round < 2; round++) {
    let sum = 0
    let at = 0
    for (let i = from; i < to; i++) {
      const x = p.x[i] as number
      if (Math.abs(x - centre) > reachMm) continue
      const w = 10 ** (((p.rssi[i] as number) - top) / 20)
      sum += w
      at += w * x
    }
    centre = at / sum
  }
  return centre
}

/** What one tag gave to every antenna. null where it has no samples. `nominalMm` is how far the shelf stands off. */
export function heardOf(
  p: Profiles,
  tag: number,
  antennas: number,
  nominalMm: number,
  c: HeardConstants,
): Heard | null {
  const from = p.start[tag] as number
  const to = p.start[tag + 1] as number
  if (from === to) return null
  const x = middleOf(p, from, to, c.reachMm)
  const heard: Heard = {
    x,
    reads: new Float64Array(antennas),
    level: new Float64Array(antennas),
    looks: new Float64Array(antennas),
  }
  /** What one antenna gave from one stretch of the rail. */
  const stretches = new Map<number, { antenna: number; reads: number; level: number }>()
  for (let i = from; i < to; i++) {
    const aside = (p.x[i] as number) - x
    if (Math.abs(aside) > c.reachMm) continue
    const antenna = p.antenna[i] as number
    const w = p.weight[i] as number
    const flat = 20 * Math.log10(1 + (aside / nominalMm) ** 2)
    const key = antenna * 4096 + Math.floor(aside / c.lookMm) + 2048
    const stretch = stretches.get(key) ?? { antenna, reads: 0, level: 0 }
    stretch.reads += w
    stretch.level += w * ((p.rssi[i] as number) + flat)
    stretches.set(key, stretch)
  }
  for (const { antenna: a, reads, level } of stretches.values()) {
    const counted = Math.min(reads, c.mostReads)
    heard.looks[a] = (heard.looks[a] as number) + 1
    heard.reads[a] = (heard.reads[a] as number) + counted
    heard.level[a] = (heard.level[a] as number) + (counted * level) / reads
  }
  for (let a = 0; a < antennas; a++)
    heard.level[a] = (heard.level[a] as number) / (heard.reads[a] as number)
  return heard
}
