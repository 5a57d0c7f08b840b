import { expect, test } from 'vitest'
import { locate } from './locate.ts'
import { placed, shelfNames, testWalk } from './testing.ts'
import type { ToldPlace } from './told.ts'

/** Two neighbours exchanged, heard a few times through much steel. */
function exchangedWalk(seed: number) {
  let pair: string[] = []
  let stand: string[][] = []
  const walk = testWalk({
    ...{ seed, bias: 3, reads: 4 },
    stand: (rows) => {
      const [low] = rows as [string[]]
      pair = low.splice(6, 2).reverse()
      low.splice(6, 0, ...pair)
      stand = rows
      return rows
    },
  })
  return { walk, pair, boxes: placed(stand) }
}

test('places that are told stand in for what reads say', () => {
  let unheard = 0
  for (const seed of [1, 2, 3]) {
    const { walk, pair, boxes } = exchangedWalk(seed)
    const ranks = (told?: ReadonlyMap<string, ToldPlace>) => {
      const { located } = locate(walk.reads, walk.scene, undefined, told)
      return pair.map((epc) => located.find((l) => l.epc === epc)?.rank)
    }
    if (ranks().join() !== '7,8') unheard++
    const told = boxes.map(({ epc, x }) => [epc, { xMm: x, sigmaMm: 2 }] as const)
    expect(ranks(new Map(told))).toEqual([7, 8])
  }
  expect(unheard).toBeGreaterThan(0)
})

test('a board that is told is the board, and so is none of them', () => {
  const { walk, pair, boxes } = exchangedWalk(1)
  const [epc = ''] = pair
  const x = boxes.find((b) => b.epc === epc)?.x ?? 0
  for (const shelf of [...shelfNames, null]) {
    const told = new Map([[epc, { xMm: x, sigmaMm: 2, shelf }]])
    const { located } = locate(walk.reads, walk.scene, undefined, told)
    expect(located.find((l) => l.epc === epc)?.shelf).toBe(shelf)
  }
})
