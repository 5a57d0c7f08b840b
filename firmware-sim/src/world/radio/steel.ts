/** The steel around a tag, as mirrors, and the neighbours that couple with it. */
import type { Rng } from '../rng.ts'
import type { Board } from './face.ts'
import { distance, type Point } from './geometry.ts'
import { between, type Range } from './range.ts'
import type { Mirror, Source } from './source.ts'

export interface SteelRanges {
  /** Magnitude of each reflection (locating 3). */
  readonly panel: Range
  readonly upright: Range
  readonly board: Range
  readonly floor: Range
  readonly opposite: Range
  /** From the fronts of the boxes to the back panel. */
  readonly panelMm: Range
  /** From the rail back to the opposite column. */
  readonly oppositeMm: Range
  /** Amplitude that a neighbour nearer than 5 cm adds; 0.06 to 0.3 is 1 to 5 dB of RSSI. */
  readonly coupling: Range
}

/** Drawn once for a scene. */
export interface Steel {
  readonly panel: Mirror
  readonly floor: Mirror
  readonly opposite: Mirror
  readonly upright: number
  readonly board: number
  readonly coupling: number
  readonly panelMm: number
  readonly oppositeMm: number
}

/** Steel turns the wave over; paint, folds and boxes before it do the rest. */
const turn = (rng: Rng) => Math.PI + 0.4 * rng.normal()

export function drawSteel(ranges: SteelRanges, depthMm: number, rng: Rng): Steel {
  const panelMm = between(rng, ranges.panelMm)
  const oppositeMm = between(rng, ranges.oppositeMm)
  const mirror = (axis: Mirror['axis'], atMm: number, range: Range): Mirror => ({
    ...{ axis, atMm, gamma: between(rng, range), turnRad: turn(rng) },
  })
  return {
    panel: mirror('y', depthMm + panelMm, ranges.panel),
    floor: mirror('z', 0, ranges.floor),
    opposite: mirror('y', -oppositeMm, ranges.opposite),
    upright: between(rng, ranges.upright),
    board: between(rng, ranges.board),
    coupling: between(rng, ranges.coupling),
    panelMm,
    oppositeMm,
  }
}

/** No sheet is flat and no two boxes are alike: what a tag sees of each mirror. */
const roughness = 0.3

/** Mirrors of one tag; `board` is the one it stands on, null for one that stands elsewhere. */
export function mirrorsOf(
  steel: Steel,
  board: Board | null,
  pitchMm: number,
  uprightsMm: readonly number[],
  tag: Point,
  rng: Rng,
): Mirror[] {
  const rough = (mirror: Mirror): Mirror => ({
    ...mirror,
    gamma: mirror.gamma * Math.exp(roughness * rng.normal()),
    turnRad: mirror.turnRad + roughness * rng.normal(),
  })
  const across = [steel.panel, steel.floor, steel.opposite]
  if (!board) return across.map(rough)
  const plane = (axis: Mirror['axis'], atMm: number, gamma: number): Mirror => ({
    ...{ axis, atMm, gamma, turnRad: turn(rng) },
  })
  const uprights = [...uprightsMm]
    .sort((a, b) => Math.abs(a - tag.xMm) - Math.abs(b - tag.xMm))
    .slice(0, 2)
    .map((at) => plane('x', at, steel.upright))
  const boards = [board.boardMm, board.boardMm + pitchMm].map((at) => plane('z', at, steel.board))
  return [...across, ...uprights, ...boards].map(rough)
}

/** Coupling is at its full strength up to here, and falls with distance beyond. */
const closeMm = 50
const couplesMm = 130

export interface Coupled {
  readonly tag: number
  readonly gain: number
  readonly turnRad: number
}

/** Pairs that couple: the same for both of a pair, and fixed for one arrangement. */
export function drawCoupling(tags: readonly Point[], coupling: number, rng: Rng): Coupled[][] {
  const coupled: Coupled[][] = tags.map(() => [])
  const byX = [...tags.keys()].sort((a, b) => (tags[a] as Point).xMm - (tags[b] as Point).xMm)
  for (const [at, a] of byX.entries())
    for (const b of byX.slice(at + 1)) {
      const apart = distance(tags[a] as Point, tags[b] as Point)
      if ((tags[b] as Point).xMm - (tags[a] as Point).xMm > couplesMm) break
      if (apart > couplesMm) continue
      const gain = coupling * Math.min(1, closeMm / apart) * Math.exp(roughness * rng.normal())
      const turnRad = 2 * Math.PI * rng.float()
      coupled[a]?.push({ tag: b, gain, turnRad })
      coupled[b]?.push({ tag: a, gain, turnRad })
    }
  return coupled
}

/** The ways over the neighbours. */
export const overNeighbours = (
  at: Point,
  coupled: readonly Coupled[],
  tags: readonly Point[],
): Source[] =>
  coupled.map(({ tag, gain, turnRad }) => {
    const over = tags[tag] as Point
    return { ...over, gain, turnRad, extraMm: distance(at, over) }
  })
