import fc from 'fast-check'
import { expect, test } from 'vitest'
import { directionOf, judgeWalk } from './gate-judge.ts'
import { radialSteps, radialWay } from './radial.ts'
import type { Heard } from './walk.ts'

const heard = (of: Partial<Heard>): Heard => ({
  ...{ at: 0, antenna: 1, rssiDbm: -50, phaseRad: null, channel: 5, frequencyKhz: 921_625 },
  ...of,
})

const k = (4 * Math.PI * 921_625_000) / 299_792_458_000
/** Phase at a distance in millimetres, as a reader gives it. */
const phaseAt = (mm: number) => (k * mm + 1) % (2 * Math.PI)

/** Reads every 20 ms of a tag whose distance is given in millimetres by milliseconds. */
const moving = (distance: (ms: number) => number, forMs: number, channel = (_ms: number) => 5) =>
  Array.from({ length: forMs / 20 }, (_, i) =>
    heard({ at: i * 20, phaseRad: phaseAt(distance(i * 20)), channel: channel(i * 20) }),
  )

test('phase tells how far a tag came nearer and went away', () => {
  const there = radialWay(radialSteps(moving((ms) => 3000 - 1.2 * ms, 1000)))
  expect(there.nearer).toBeGreaterThan(1000)
  expect(there.nearer).toBeLessThan(1300)
  expect(there.away).toBe(0)
  const away = radialWay(radialSteps(moving((ms) => 500 + 0.8 * ms, 1000)))
  expect(away.nearer).toBe(0)
  expect(away.away).toBeGreaterThan(700)
})

test('phases of two channels, or of reads too far apart to be unique, are not compared', () => {
  const hopping = moving(
    (ms) => 3000 - ms,
    1000,
    (ms) => (ms / 20) % 16,
  )
  expect(radialSteps(hopping)).toEqual([])
  const sparse = moving((ms) => 3000 - ms, 1000).filter((_, i) => i % 3 === 0)
  expect(radialSteps(sparse)).toEqual([])
})

test('a tag that passes an antenna comes nearer first and then goes away', () => {
  const passing = moving((ms) => Math.hypot(ms - 1000, 400), 2000)
  const { nearer, away } = radialWay(radialSteps(passing))
  expect(nearer / away).toBeCloseTo(1, 1)
  expect(nearer).toBeGreaterThan(500)
})

test('a tag that lies still moves by its noise only', () => {
  const still = moving(() => 1800, 2000).map((r, i) => ({
    ...r,
    phaseRad: ((r.phaseRad ?? 0) + 0.1 * Math.sin(i * 7)) % (2 * Math.PI),
  }))
  const { nearer, away } = radialWay(radialSteps(still))
  expect(nearer + away).toBeLessThan(100)
})

const anyRead = fc.record({
  after: fc.integer({ min: 5, max: 400 }),
  antenna: fc.constantFrom(1, 2),
  rssiDbm: fc.integer({ min: -75, max: -30 }),
  phaseRad: fc.option(fc.double({ min: 0, max: 6.28, noNaN: true })),
})
const anyWalk = fc.array(anyRead, { minLength: 1, maxLength: 60 }).map((list) => {
  let at = 0
  return list.map(({ after, ...r }) => {
    at += after
    return heard({ ...r, at })
  })
})

test('a gate turned round sees every walk the other way round', () => {
  const turned = { out: 'in', in: 'out', unknown: 'unknown' } as const
  fc.assert(
    fc.property(anyWalk, (walk) => {
      const mirror = walk.map((r) => ({ ...r, antenna: 3 - r.antenna }))
      const here = judgeWalk(walk, true)
      const there = judgeWalk(mirror, true)
      expect(here.out + there.out).toBeCloseTo(1, 9)
      expect(directionOf(there)).toBe(turned[directionOf(here)])
    }),
  )
})

test('a walk is judged alike whenever it was, and whatever constant its channel adds to the phase', () => {
  fc.assert(
    fc.property(anyWalk, fc.integer({ min: 0, max: 1e9 }), (walk, later) => {
      const moved = walk.map((r) => ({
        ...r,
        at: r.at + later,
        phaseRad: r.phaseRad === null ? null : (r.phaseRad + 2) % (2 * Math.PI),
      }))
      expect(judgeWalk(moved, true).out).toBeCloseTo(judgeWalk(walk, true).out, 6)
      expect(judgeWalk(moved, true).passage).toBeCloseTo(judgeWalk(walk, true).passage, 6)
    }),
  )
})

test('probabilities are probabilities, also of reads that say hardly anything', () => {
  fc.assert(
    fc.property(anyWalk, fc.boolean(), (walk, both) => {
      const { passage, out } = judgeWalk(walk, both)
      for (const p of [passage, out]) {
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
      }
    }),
  )
  const bare = [heard({ rssiDbm: null }), heard({ rssiDbm: null, at: 30, antenna: 2 })]
  expect(Number.isFinite(judgeWalk(bare, true).passage)).toBe(true)
})
