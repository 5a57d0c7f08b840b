/**
 * How far the rest of the locator goes: it is told of every box that was read a place as exact as Cramér and Rao allow,
 * with normal errors, no wrong hill and nothing in common with its neighbours; and, if asked, its true board on top.
 * Tags that stand on none of these boards are left to the reads, and boxes are laid side by side as ever.
 */
import { locate, type ToldPlace } from '@lantai/gateway'
import { sameEpc } from '../case.ts'
import { tallyMethod } from '../evaluate.ts'
import { ours } from '../methods/ours.ts'
import { type Figures, figuresOf, sumOf, type Tally } from '../metrics.ts'
import { gaussian, seeded } from '../prng.ts'
import { drawCase, type SceneSet } from '../scenes.ts'
import { leastSigma } from './bound.ts'
import type { Kernel } from './kernel.ts'
import { type BoundRow, boundRows } from './shelves-oracle.ts'

type Places = ReadonlyMap<string, ToldPlace>

/** By EPC; a box of which nothing tells a place is left to its reads. */
function placesOf(rows: readonly BoundRow[], kernel: Kernel, seed: string): Places {
  const random = seeded(`told/${seed}`)
  const places = new Map<string, ToldPlace>()
  for (const { truth, tracks } of rows.flatMap((row) => row.boxes)) {
    const sigmaMm = 1000 * leastSigma(tracks, kernel)
    const xMm = truth.xMm + gaussian(random) * sigmaMm
    if (Number.isFinite(sigmaMm))
      places.set(sameEpc(truth.epc), { xMm, sigmaMm, shelf: truth.shelf })
  }
  return places
}

const withoutBoards = (places: Places): Places =>
  new Map([...places].map(([epc, place]) => [epc, { ...place, shelf: null }]))

export interface ToldFigures {
  places: Figures
  boards: Figures
}

export function toldFigures(set: SceneSet, scenes: number, kernel: Kernel): ToldFigures {
  const tallies: { places: Tally; boards: Tally }[] = []
  for (let n = 1; n <= scenes; n++) {
    const given = drawCase(set, n)
    const places = placesOf(boundRows(set, n), kernel, given.name)
    const tallyWith = (told: Places) =>
      tallyMethod(
        ours((reads, scene) => locate(reads, scene, undefined, told)),
        given,
      )
    tallies.push({ places: tallyWith(withoutBoards(places)), boards: tallyWith(places) })
  }
  return {
    places: figuresOf(sumOf(tallies.map((t) => t.places))),
    boards: figuresOf(sumOf(tallies.map((t) => t.boards))),
  }
}
