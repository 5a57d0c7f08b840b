import type { Located } from '@lantai/contracts'
import { describe, expect, test } from 'vitest'
import type { Answer, LocatingCase, TruePlace } from './case.ts'
import { echo } from './methods/echo.ts'
import {
  bandsOf,
  calibrationError,
  figuresOf,
  quantile,
  recallAtOnePerThousand,
  tallyOf,
} from './metrics.ts'

const box = (epc: string, shelf: string | null, xMm: number | null, moved = false): TruePlace => ({
  ...{ epc, shelf, xMm, moved },
  ...{ scored: true, dead: false },
})

const read = (epc: string) => ({
  ...{ at: 1, epc, antenna: 1, channelMHz: 922.5, phaseRad: 1, rssiDbm: -50 },
})

/** Boxes on two shelves; `silent` were not read. The catalogue has them by `catalogue`, else nothing is expected. */
function given(truth: TruePlace[], silent: string[], catalogue: [string, string][]): LocatingCase {
  const ranks = new Map<string, number>()
  const expected = catalogue.map(([epc, shelf]) => {
    const rank = (ranks.get(shelf) ?? 0) + 1
    ranks.set(shelf, rank)
    return { epc, shelf, rank, thicknessMm: 30 }
  })
  const shelf = { heightMm: 0, depthMm: null, fromMm: null, toMm: null }
  return {
    name: 'made',
    scene: {
      poses: [
        { at: 0, xMm: 0 },
        { at: 10, xMm: 10 },
      ],
      antennas: [{ antenna: 1, offsetMm: [0, 0, 0] }],
      shelves: [
        { shelf: 'A', ...shelf },
        { shelf: 'B', ...shelf },
      ],
      expected: catalogue.length > 0 ? expected : null,
      references: [],
    },
    reads: truth.filter((t) => !silent.includes(t.epc)).map((t) => read(t.epc)),
    truth,
    ...{ ranks: 'printed', freeOffset: false, lineRadPerMHz: null },
  }
}

const line = (
  epc: string,
  shelf: string | null,
  rank: number | null,
  more: Partial<Located> = {},
) => ({
  ...{ epc, shelf, rank, xMm: rank === null ? null : 100 * rank, sigmaMm: null },
  ...{ class: 'found' as const, confidence: 0.9, ...more },
})

const answer = (located: Located[], misplacement: [string, number][] = []): Answer => ({
  located,
  misplacement: new Map(misplacement),
  suspected: [],
})

const row = [box('A1', 'A', 100), box('A2', 'A', 200), box('A3', 'A', 300), box('A4', 'A', 400)]

describe('ranks', () => {
  test('a silent box is not counted, and those behind it move up', () => {
    const told = answer([line('A1', 'A', 1), line('A3', 'A', 2), line('A4', 'A', 3)])
    const figures = figuresOf(tallyOf(given(row, ['A2'], []), told, 1))
    expect(figures.rank).toBe(1)
    expect(figures.adjacent).toBe(1)
  })

  test('one exchange costs two ranks and one pair of three', () => {
    const told = answer([
      line('A1', 'A', 1),
      line('A3', 'A', 2),
      line('A2', 'A', 3),
      line('A4', 'A', 4),
    ])
    const figures = figuresOf(tallyOf(given(row, [], []), told, 1))
    expect(figures.rank).toBe(0.5)
    expect(figures.adjacent).toBeCloseTo(2 / 3)
  })

  test('the right number on the wrong shelf is wrong', () => {
    const told = answer(row.map((b, i) => line(b.epc, 'B', i + 1)))
    const figures = figuresOf(tallyOf(given(row, [], []), told, 1))
    expect(figures.rank).toBe(0)
    expect(figures.shelf).toBe(0)
    expect(figures.face).toBe(1)
  })

  test('a stray that is put on a shelf is a wrong face, and pushes the ranks behind it', () => {
    const stray = [...row, box('S', null, null)]
    const told = answer([line('S', 'A', 1), ...row.map((b, i) => line(b.epc, 'A', i + 2))])
    const figures = figuresOf(tallyOf(given(stray, [], []), told, 1))
    expect(figures.face).toBe(0.8)
    expect(figures.rank).toBe(0)
  })

  test('among scored tags alone, one of unknown place between them changes nothing', () => {
    const unknown: TruePlace = { ...box('U', 'A', null), scored: false }
    const scored = { ...given([...row, unknown], [], []), ranks: 'scored' as const }
    const told = answer([
      line('A1', 'A', 1),
      line('U', 'A', 2),
      ...row.slice(1).map((b, i) => line(b.epc, 'A', i + 3)),
    ])
    expect(figuresOf(tallyOf(scored, told, 1)).rank).toBe(1)
  })

  test('an unanswered tag is wrong, and not left out', () => {
    const figures = figuresOf(tallyOf(given(row, [], []), answer([line('A1', 'A', 1)]), 1))
    expect(figures.rank).toBe(0.25)
  })
})

describe('errors', () => {
  const shifted = answer(row.map((b, i) => line(b.epc, 'A', i + 1, { xMm: 100 * (i + 1) + 30 })))

  test('are centimetres of the rail', () => {
    expect(figuresOf(tallyOf(given(row, [], []), shifted, 1)).errorMedian).toBe(3)
  })

  test('of a row without a zero are about its median', () => {
    const free = { ...given(row, [], []), freeOffset: true }
    expect(figuresOf(tallyOf(free, shifted, 1)).errorMean).toBe(0)
  })
})

describe('misplaced boxes', () => {
  const catalogue: [string, string][] = [
    ['A1', 'A'],
    ['A3', 'A'],
    ['A2', 'A'],
    ['A4', 'A'],
  ]
  const truth = row.map((b) => ({ ...b, moved: ['A2', 'A3'].includes(b.epc) }))

  test('the catalogue echo has most ranks, finds none and reports none', () => {
    const made = given(truth, [], catalogue)
    const figures = figuresOf(tallyOf(made, echo.answer(made), 1))
    expect(figures.rank).toBe(0.5)
    expect(figures.recall).toBe(0)
    expect(figures.falsePer1000).toBe(0)
  })

  test('recall, precision and false reports count boxes', () => {
    const wrong = { class: 'misplaced' as const }
    const told = answer([
      line('A1', 'A', 1, wrong),
      line('A2', 'A', 2, wrong),
      line('A3', 'A', 3),
      line('A4', 'A', 4),
    ])
    const figures = figuresOf(tallyOf(given(truth, [], catalogue), told, 1))
    expect(figures.recall).toBe(0.5)
    expect(figures.precision).toBe(0.5)
    expect(figures.falsePer1000).toBe(500)
  })

  test('the threshold lets one false report pass in a thousand boxes', () => {
    const good = Array.from({ length: 2000 }, (_, i) => ({ score: i / 2000, moved: false }))
    const bad = [0.9992, 0.9987, 0.998, 0.5].map((score) => ({ score, moved: true }))
    expect(recallAtOnePerThousand([...good, ...bad])).toBe(0.5)
  })

  test('equal scores are not told apart in favour of anybody', () => {
    const all = Array.from({ length: 1000 }, (_, i) => ({ score: 0, moved: i < 100 }))
    expect(recallAtOnePerThousand(all)).toBe(0)
  })
})

describe('silence', () => {
  test('unread is counted by what it was, and is no claim that a box is gone', () => {
    const truth = [...row.slice(0, 3), { ...box('A4', 'A', 400), dead: true }, box('G', null, null)]
    const silent = ['A3', 'A4', 'G']
    const made = given(
      truth,
      silent,
      truth.map((t) => [t.epc, 'A']),
    )
    const nothing = silent.map((epc) => line(epc, null, null, { class: 'unread', confidence: 0 }))
    const tally = tallyOf(made, answer([line('A1', 'A', 1), line('A2', 'A', 2), ...nothing]), 1)
    expect([tally.unreadAlive, tally.unreadDead, tally.unreadGone]).toEqual([1, 1, 1])
    expect(tally.falseMissing).toBe(0)
  })

  test('a suspicion of a box that stands there is a false missing', () => {
    const told = { ...answer([]), suspected: ['A1', 'gone'] }
    expect(tallyOf(given(row, ['A1'], []), told, 1).falseMissing).toBe(1)
  })
})

describe('calibration', () => {
  const claims = (n: number, confidence: number, share: number) =>
    Array.from({ length: n }, (_, i) => ({ confidence, right: i < share * n }))

  test('is 0 where the share that is right is the claim, and the distance where it is not', () => {
    expect(calibrationError(claims(1000, 0.9, 0.9), 1)).toBeCloseTo(0)
    expect(calibrationError(claims(1000, 0.9, 0.7), 1)).toBeCloseTo(0.2)
  })

  test('too high here is not made good by too low there', () => {
    const mixed = [...claims(500, 0.6, 0.8), ...claims(500, 0.9, 0.7)]
    expect(calibrationError(mixed, 2)).toBeCloseTo(0.2)
  })

  test('who names no shelf claims nothing; a stray on a shelf is a claim, and wrong', () => {
    const strays = given([...row, box('S', null, null), box('T', null, null)], [], [])
    const nowhere = line('S', null, null, { confidence: 0 })
    const told = answer([line('A1', 'A', 1), nowhere, line('T', 'A', 2, { confidence: 0.7 })])
    expect(tallyOf(strays, told, 1).claims).toEqual([
      { confidence: 0.9, right: true },
      { confidence: 0.7, right: false },
    ])
  })

  test('a band speaks with two hundred answers and not before', () => {
    expect(bandsOf([...claims(199, 0.6, 0.5), ...claims(200, 0.92, 0.5)])).toHaveLength(1)
  })
})

test('a quantile lies linearly between the ranks', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
})
