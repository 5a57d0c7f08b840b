import { expect, test } from 'vitest'
import { locatingConstants } from './constants.ts'
import { TrackCursor, trackOf } from './track.ts'

const c = locatingConstants.track
/** 20 ms a pose, `steps` poses of `stepMm` from `x`. */
const walk = (at: number, x: number, stepMm: number, steps: number) =>
  Array.from({ length: steps }, (_, i) => ({ at: at + 20_000 * i, xMm: x + stepMm * i }))

test('there and back are two passes, that meet where it turned', () => {
  const there = walk(0, 0, 10, 101)
  const back = walk(101 * 20_000, 990, -10, 100)
  const { passes } = trackOf([...there, ...back], c)
  expect(passes).toEqual([
    { from: 0, to: 100, direction: 1 },
    { from: 100, to: 200, direction: -1 },
  ])
})

test('an odometer that trembles does not turn', () => {
  const poses = walk(0, 0, 10, 50).map((p, i) => ({ ...p, xMm: p.xMm + (i % 2 ? 12 : -12) }))
  expect(trackOf(poses, c).passes).toHaveLength(1)
})

test('a jump along the rail and a pause of many seconds end a pass', () => {
  const jumped = trackOf([...walk(0, 0, 10, 50), ...walk(50 * 20_000, 5000, 10, 50)], c)
  expect(jumped.passes.map((p) => [p.from, p.to])).toEqual([
    [0, 49],
    [50, 99],
  ])
  const stood = walk(0, 0, 10, 50)
  const still = walk(50 * 20_000, 490, 0, 400)
  const on = walk(450 * 20_000, 500, 10, 50)
  const paused = trackOf([...stood, ...still, ...on], c)
  expect(paused.passes.map((p) => [p.from, p.to])).toEqual([
    [0, 49],
    [449, 499],
  ])
})

test('two poses alone are a walk at even speed', () => {
  const track = trackOf(
    [
      { at: 0, xMm: 0 },
      { at: 20_000_000, xMm: 8000 },
    ],
    c,
  )
  const cursor = new TrackCursor(track, c)
  expect(cursor.seek(5_000_000)).toBe(true)
  expect([cursor.pass, cursor.x]).toEqual([0, 2000])
  expect(cursor.seek(20_050_000) && cursor.x).toBe(8000)
  expect(cursor.seek(21_000_000)).toBe(false)
})

test('moments are found in any order', () => {
  const cursor = new TrackCursor(trackOf(walk(0, 0, 10, 500), c), c)
  for (const at of [9_000_000, 10_000, 4_990_000, 5_010_000, 30_000, 9_980_000]) {
    expect(cursor.seek(at)).toBe(true)
    expect(cursor.x).toBeCloseTo(at / 2000, 9)
  }
})
