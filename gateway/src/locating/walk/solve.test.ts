import type { FrozenScene } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { locate } from '../locate.ts'
import { shelfNames, type TestWalk, testWalk } from '../testing.ts'
import type { Blind } from './blind.ts'
import { ReadColumns } from './columns.ts'
import type { Gathered } from './recorder.ts'
import { showWalk } from './result.ts'
import { solveWalk } from './solve.ts'

const boxes = 44
/** One box near the left end and one in the middle of the middle board: dead tags. */
const [early, late] = [5, 22]
const walk = testWalk({
  boxes,
  reads: 16,
  silent: (epc, shelf) => shelf === 1 && [early, late].includes(indexOf(epc)),
})
/** Place of a box on the middle board, from the number in its EPC; others are beyond it. */
function indexOf(epc: string): number {
  return Number.parseInt(epc.slice(-6), 16) - 107
}

const frozenOf = ({ scene: { poses: _, ...rest } }: TestWalk): FrozenScene => ({
  face: '1A',
  ...rest,
})
function gathered({ scene, reads }: TestWalk, blinds: readonly Blind[] = []): Gathered {
  const columns = new ReadColumns()
  for (const { at, epc, antenna, channelMHz, phaseRad, rssiDbm } of reads)
    columns.add(at, {
      ...{ epc, antenna, count: 1, rssiDbm, frequencyKhz: channelMHz * 1000 },
      ...(phaseRad === null ? {} : { phaseRad }),
    })
  return {
    reads: columns,
    poses: scene.poses,
    blinds,
    troubles: blinds.length ? ['reader-gap'] : [],
  }
}

function silentBoxes(g: Gathered) {
  const solved = solveWalk(frozenOf(walk), g)
  if (!solved.ok) throw new Error(solved.code)
  const middle = solved.shown.shelves.find((s) => s.shelf === shelfNames[1])
  return (middle?.boxes ?? [])
    .filter((b) => b.reads === 0)
    .map((b) => [indexOf(b.epc), b.class, b.uncovered])
}

test('a silent box is unread, and shown where the catalogue has it', () => {
  expect(silentBoxes(gathered(walk))).toEqual([
    [early, 'unread', null],
    [late, 'unread', null],
  ])
  const solved = solveWalk(frozenOf(walk), gathered(walk))
  const row = solved.ok ? solved.shown.shelves.find((s) => s.shelf === shelfNames[1]) : null
  const at = row?.boxes.findIndex((b) => indexOf(b.epc) === early) ?? -1
  expect(row?.boxes.slice(at - 2, at).every((b) => indexOf(b.epc) < early)).toBe(true)
})

test('a box whose order is in doubt is in place, and says so; no silent box is put in by it', () => {
  const { scene, reads } = walk
  const result = locate(reads, scene)
  const middle = shelfNames[1] as string
  const misled = result.detail.find(({ home }) => home?.shelf === middle && home.rank === 30)
  if (!misled) throw new Error('a box without a detail')
  misled.reason = 'sequence-in-doubt'
  misled.home = { shelf: middle, rank: 2 }
  const { shelves } = showWalk(frozenOf(walk), result, [])
  const row = shelves.find((s) => s.shelf === middle)?.boxes ?? []
  const doubted = row.filter((b) => b.doubt)
  expect(doubted.map((b) => [b.epc, b.class])).toEqual([[misled.epc, 'found']])
  const at = row.findIndex((b) => indexOf(b.epc) === early)
  expect(row.slice(at - 2, at).every((b) => indexOf(b.epc) < early)).toBe(true)
})

test('where the reader was deaf for a moment nothing can be said, and elsewhere as before', () => {
  // At 250 mm/s; the middle of the board was passed then.
  const at = walk.scene.poses.find((p) => p.xMm >= 900)?.at ?? 0
  const silent = silentBoxes(gathered(walk, [{ fromUs: at - 100_000, toUs: at + 100_000 }]))
  expect(silent).toContainEqual([early, 'unread', null])
  expect(silent).toContainEqual([late, 'uncovered', 'odometer-gap'])
})

test('a cart that stood still has counted nothing', () => {
  const g = gathered(walk)
  const still = g.poses.map((p) => ({ ...p, xMm: 0 }))
  expect(solveWalk(frozenOf(walk), { ...g, poses: still })).toEqual({
    ...{ ok: false, code: 'scene-no-walk' },
  })
})
