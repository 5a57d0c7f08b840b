/**
 * How far the rest of the locator goes: it is told of every box that was read a place as exact as Cramér and Rao allow,
 * with normal errors, no wrong hill and nothing in common with its neighbours; and, if asked, its true board on top, and
 * which tags stand on none. Of boxes it is not told of, and of who goes with whom side by side, reads tell as ever.
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

/** Where along the rail it is that a tag stands on none of its boards, matters to nobody. */
const anywhereMm = 100

type Places = ReadonlyMap<string, ToldPlace>

/** By EPC, with true boards; a box on a board of which nothing tells a place is left to its reads. */
function placesOf(rows: readonly BoundRow[], kernel: Kernel, seed: string): Places {
  const random = seeded(`told/${seed}`)
  const places = new Map<string, ToldPlace>()
  for (const { truth, tracks } of rows.flatMap((row) => row.boxes)) {
    const sigmaMm = 1000 * leastSigma(tracks, kernel)
    const xMm = truth.xMm + gaussian(random) * sigmaMm
    if (Number.isFinite(sigmaMm))
      places.set(sameEpc(truth.epc), { xMm, sigmaMm, shelf: truth.shelf })
  }
  for (const { epc, shelf, xMm } of rows[0]?.walk.truth.boxes ?? [])
    if (shelf === null) places.set(sameEpc(epc), { xMm, sigmaMm: anywhereMm, shelf })
  return places
}

const withoutBoards = (places: Places): Places =>
  new Map(
    [...places].flatMap(([epc, { xMm, sigmaMm, shelf }]) =>
      shelf === null ? [] : [[epc, { xMm, sigmaMm }]],
    ),
  )

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
