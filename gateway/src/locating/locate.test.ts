import { CoverageMap, Located, shapeChecker } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { locatingConstants } from './constants.ts'
import { locate } from './locate.ts'
import { foreignEpc, seeded, shelfNames, type TestWalk, testWalk } from './testing.ts'

const byEpc = ({ reads, scene }: TestWalk) =>
  new Map(locate(reads, scene).located.map((l) => [l.epc, l]))

const move = (row: string[], from: number, to: number) => {
  const [box] = row.splice(from, 1)
  if (box) row.splice(to, 0, box)
}

const seeds = [1, 2, 3, 4, 5]

test('every box in its slot is found there, in order, and every line fits the contract', () => {
  for (const seed of seeds) {
    const walk = testWalk({ seed })
    const { located, coverage, detail } = locate(walk.reads, walk.scene)
    expect(located.map((l) => [l.epc, l.shelf, l.rank, l.class])).toEqual(
      walk.scene.expected?.map((e) => [e.epc, e.shelf, e.rank, 'found']),
    )
    expect(located.flatMap(shapeChecker(Located))).toEqual([])
    expect(shapeChecker(CoverageMap)(coverage)).toEqual([])
    for (const { confidence: c } of detail) {
      expect(c.face).toBeGreaterThanOrEqual(c.shelf)
      expect(c.shelf).toBeGreaterThanOrEqual(c.rank)
      expect(c.rank).toBeGreaterThan(0.5)
    }
  }
})

test('a box moved along its shelf, one on another shelf and a foreign one are told, their neighbours are not', () => {
  for (const seed of seeds) {
    let moved = ''
    let astray = ''
    const walk = testWalk({
      seed,
      stand: (rows) => {
        const [low, middle, high] = rows as [string[], string[], string[]]
        moved = low[2] as string
        astray = middle[5] as string
        move(low, 2, 9)
        middle.splice(5, 1)
        high.splice(8, 0, astray)
        high.splice(3, 0, foreignEpc)
        return rows
      },
    })
    const found = byEpc(walk)
    expect(found.get(moved)).toMatchObject({ shelf: 'low', rank: 10, class: 'misplaced' })
    expect(found.get(astray)).toMatchObject({ shelf: 'high', rank: 10, class: 'misplaced' })
    expect(found.get(foreignEpc)).toMatchObject({ shelf: 'high', rank: 4, class: 'foreign' })
    for (const [epc, l] of found)
      if (![moved, astray, foreignEpc].includes(epc)) expect(l.class).toBe('found')
  }
})

test('in empty space two neighbours that changed places are told, whatever the catalogue says', () => {
  for (const seed of seeds) {
    const pair: string[] = []
    const walk = testWalk({
      ...{ seed, bias: 0, reads: 16 },
      stand: (rows) => {
        const [row] = rows as [string[]]
        pair.push(...row.slice(9, 11))
        move(row, 9, 10)
        return rows
      },
    })
    const found = byEpc(walk)
    expect(pair.map((epc) => found.get(epc)?.rank)).toEqual([11, 10])
    expect(pair.map((epc) => found.get(epc)?.class)).toContain('misplaced')
    for (const [epc, l] of found) if (!pair.includes(epc)) expect(l.class).toBe('found')
  }
})

test('what seems out of sequence is called misplaced where that is sure, and else in place with its order in doubt', () => {
  const { told } = locatingConstants.confidence.misplaced
  const seen = { 'out-of-sequence': 0, 'sequence-in-doubt': 0 }
  for (let seed = 1; seed <= 20; seed++) {
    const stand = (rows: string[][]) => {
      move(rows[seed % rows.length] as string[], 4, 5)
      return rows
    }
    const { scene, reads } = testWalk({ seed, reads: 10, stand })
    const { located, detail } = locate(reads, scene)
    for (const [i, { reason, misplaced }] of detail.entries()) {
      if (reason !== 'out-of-sequence' && reason !== 'sequence-in-doubt') continue
      const sure = (misplaced ?? 0) >= told
      expect(reason).toBe(sure ? 'out-of-sequence' : 'sequence-in-doubt')
      expect(located[i]?.class).toBe(sure ? 'misplaced' : 'found')
      expect(located[i]?.confidence).toBeLessThanOrEqual(misplaced ?? 0)
      seen[reason]++
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
})

test('a box in its place that is heard as oddly as a stray is stays there: its neighbours leave it room', () => {
  for (const seed of seeds) {
    const { scene, reads } = testWalk({ seed })
    const epc = scene.expected?.[6]?.epc ?? ''
    const behindSteel = reads.map((r) =>
      r.epc === epc ? { ...r, antenna: 4 - r.antenna, rssiDbm: r.rssiDbm - 14 } : r,
    )
    const found = byEpc({ scene, reads: behindSteel }).get(epc)
    expect(found).toMatchObject({ shelf: 'low', class: 'found' })
  }
})

test('boxes put in shift all others to the right without making them misplaced', () => {
  const walk = testWalk({
    seed: 11,
    stand: (rows) => {
      rows[0]?.splice(1, 0, foreignEpc)
      return rows
    },
  })
  const found = byEpc(walk)
  const row = walk.scene.expected?.filter((e) => e.shelf === 'low') ?? []
  for (const e of row)
    expect(found.get(e.epc)).toMatchObject({ rank: e.rank + (e.rank > 1 ? 1 : 0), class: 'found' })
})

test('a dead tag among read ones is unread, a shelf that nothing came from is uncovered, nothing is gone', () => {
  const dead = testWalk().scene.expected?.[6]?.epc ?? ''
  const walk = testWalk({ silent: (epc, shelf) => epc === dead || shelf === 2 })
  const { located, coverage } = locate(walk.reads, walk.scene)
  const silent = located.filter((l) => l.rank === null)
  expect(silent[0]).toMatchObject({ epc: dead, class: 'unread', shelf: null, confidence: 0 })
  expect(silent.slice(1).map((l) => l.class)).toEqual(Array(14).fill('uncovered'))
  const proof = coverage.slots.find((s) => s.epc === dead)
  expect(proof).toMatchObject({ covered: true, reason: null })
  expect(proof?.silentProbability).toBeLessThanOrEqual(1e-3)
  for (const s of coverage.slots.filter((p) => p.shelf === 'high'))
    expect(s).toMatchObject({ covered: false, reason: 'shelf-tag-unread' })
  // A removed box shows nothing else than a dead tag does: silence is all there is.
  const removed = testWalk({ stand: (rows) => rows.map((r) => r.filter((e) => e !== dead)) })
  expect(byEpc(removed).get(dead)?.class).toBe('unread')
})

test('ranks count the tags that were read', () => {
  const dead = testWalk().scene.expected?.[6]?.epc ?? ''
  const found = byEpc(testWalk({ silent: (epc) => epc === dead }))
  for (const e of testWalk().scene.expected ?? [])
    if (e.epc !== dead && e.shelf === 'low')
      expect(found.get(e.epc)?.rank).toBe(e.rank > 7 ? e.rank - 1 : e.rank)
})

test('the rail has no zero', () => {
  const walk = testWalk({ seed: 3 })
  const by = 12_345.5
  const { scene } = walk
  const shifted: TestWalk = {
    reads: walk.reads,
    scene: {
      ...scene,
      poses: scene.poses.map((p) => ({ ...p, xMm: p.xMm + by })),
      shelves: scene.shelves.map((s) => ({
        ...s,
        fromMm: (s.fromMm ?? 0) + by,
        toMm: (s.toMm ?? 0) + by,
      })),
      references: scene.references.map((r) => ({ ...r, xMm: r.xMm + by })),
    },
  }
  const here = locate(walk.reads, scene).located
  const there = locate(shifted.reads, shifted.scene).located
  for (const [i, l] of here.entries()) {
    const m = there[i]
    expect([m?.epc, m?.rank, m?.class]).toEqual([l.epc, l.rank, l.class])
    expect((m?.xMm ?? 0) - by).toBeCloseTo(l.xMm ?? 0, 0)
    expect(m?.confidence).toBeCloseTo(l.confidence, 3)
  }
})

test('names of tags mean nothing', () => {
  const walk = testWalk({ seed: 4 })
  const renamed = (epc: string) => `AA${epc.slice(2).split('').reverse().join('')}`
  const other: TestWalk = {
    reads: walk.reads.map((r) => ({ ...r, epc: renamed(r.epc) })),
    scene: {
      ...walk.scene,
      expected: walk.scene.expected?.map((e) => ({ ...e, epc: renamed(e.epc) })) ?? null,
      references: walk.scene.references.map((r) => ({ ...r, epc: renamed(r.epc) })),
    },
  }
  const plain = locate(walk.reads, walk.scene).located
  expect(locate(other.reads, other.scene).located).toEqual(
    plain.map((l) => ({ ...l, epc: renamed(l.epc) })),
  )
  const lower = walk.reads.map((r) => ({ ...r, epc: r.epc.toLowerCase() }))
  expect(locate(lower, walk.scene).located).toEqual(plain)
})

test('neither the order of lines nor lines told twice change anything', () => {
  const { reads, scene } = testWalk({ seed: 5 })
  const plain = locate(reads, scene)
  const random = seeded(9)
  const mixed = reads
    .map((read) => ({ read, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map((m) => m.read)
  expect(locate(mixed, scene)).toEqual(plain)
  expect(locate([...reads, ...mixed], scene)).toEqual(plain)
})

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length

test('more reads help', () => {
  const swapped = (rows: string[][]) => {
    for (const row of rows) for (const i of [2, 7]) move(row, i, i + 3)
    return rows
  }
  const outcome = (reads: number) => {
    const walks = [1, 2, 3, 4, 5, 6].map((seed) => testWalk({ seed, reads, stand: swapped }))
    const answers = walks.map(({ reads: r, scene }) => locate(r, scene).located)
    const right = answers.map((located, w) => {
      const truth = swapped(
        shelfNames.map(
          (s) => walks[w]?.scene.expected?.filter((e) => e.shelf === s).map((e) => e.epc) ?? [],
        ),
      )
      return mean(
        located.map((l) =>
          Number(truth[shelfNames.indexOf(l.shelf ?? '')]?.[(l.rank ?? 0) - 1] === l.epc),
        ),
      )
    })
    return mean(right)
  }
  const [few = 1, some = 1, many = 1] = [3, 8, 24].map(outcome)
  expect(some).toBeGreaterThan(few)
  expect(many).toBeGreaterThanOrEqual(some)
})

test('with less evidence it is less sure', () => {
  const sure = (reads: number) =>
    mean(
      [1, 2, 3, 4, 5, 6].flatMap((seed) => {
        const walk = testWalk({ seed, reads })
        return locate(walk.reads, walk.scene).located.map((l) => l.confidence)
      }),
    )
  const [few = 0, some = 0, many = 0] = [2, 4, 16].map(sure)
  expect(few).toBeLessThan(some)
  expect(some).toBeLessThan(many)
})

test('without phases levels and reads still tell the shelf', () => {
  const walk = testWalk({ seed: 6, phases: false })
  const found = byEpc(walk)
  for (const e of walk.scene.expected ?? []) expect(found.get(e.epc)?.shelf).toBe(e.shelf)
})

test('no catalogue: no class, and the order by radio; an empty one: all are foreign', () => {
  const walk = testWalk({ seed: 7, boxes: 6, reads: 40 })
  const without = locate(walk.reads, { ...walk.scene, expected: null })
  expect(without.located.map((l) => l.class)).toEqual(Array(18).fill(null))
  expect(without.coverage.slots).toEqual([])
  for (const [i, l] of without.located.entries()) {
    const left = without.located[i - 1]
    if (left && left.shelf === l.shelf) expect(l.xMm).toBeGreaterThanOrEqual(left.xMm ?? 0)
  }
  const empty = locate(walk.reads, { ...walk.scene, expected: [] })
  expect(empty.located.map((l) => l.class)).toEqual(Array(18).fill('foreign'))
})

test('many tags without a catalogue are ordered tag by tag, on the shelves they are on', () => {
  const walk = testWalk({ seed: 9, reads: 40 })
  const { located } = locate(walk.reads, { ...walk.scene, expected: null })
  const home = new Map(walk.scene.expected?.map((e) => [e.epc, e.shelf]))
  for (const l of located) expect(l.shelf).toBe(home.get(l.epc))
  for (const [i, l] of located.entries()) {
    const left = located[i - 1]
    if (left?.shelf === l.shelf) expect(l.xMm).toBeGreaterThanOrEqual(left?.xMm ?? 0)
  }
})

test('one shelf, one antenna, no depth, no ends, no shelf tags', () => {
  const walk = testWalk({ seed: 8, boxes: 6, reads: 40 })
  const first = walk.scene.antennas[0]
  const low = walk.scene.shelves[0]
  if (!first || !low) throw new Error('a walk without antenna or shelf')
  const own = new Set(walk.scene.expected?.filter((e) => e.shelf === 'low').map((e) => e.epc))
  const scene = {
    poses: walk.scene.poses,
    antennas: [first],
    shelves: [{ ...low, depthMm: null, fromMm: null, toMm: null }],
    expected: null,
    references: [],
  }
  const reads = walk.reads.filter((r) => r.antenna === 1 && own.has(r.epc))
  const { located } = locate(reads, scene)
  expect(located.map((l) => l.rank)).toEqual([1, 2, 3, 4, 5, 6])
  expect(located.every((l) => l.shelf === 'low' && l.xMm !== null)).toBe(true)
})

test('silence of the whole walk is an answer', () => {
  const { scene } = testWalk()
  const { located } = locate([], scene)
  expect(located.map((l) => l.class)).toEqual(Array(42).fill('uncovered'))
})

test('two passes on one rail are one walk', () => {
  const walk = testWalk({ seed: 12 })
  const last = walk.scene.poses.at(-1)
  if (!last) throw new Error('a walk without poses')
  const back = (at: number) => 2 * last.at + 1_000_000 - at
  const twice: TestWalk = {
    scene: {
      ...walk.scene,
      poses: [
        ...walk.scene.poses,
        ...walk.scene.poses.map((p) => ({ at: back(p.at), xMm: p.xMm })).reverse(),
      ],
    },
    reads: [...walk.reads, ...testWalk({ seed: 13 }).reads.map((r) => ({ ...r, at: back(r.at) }))],
  }
  const found = byEpc(twice)
  for (const e of walk.scene.expected ?? [])
    expect(found.get(e.epc)).toMatchObject({ shelf: e.shelf, rank: e.rank, class: 'found' })
})
