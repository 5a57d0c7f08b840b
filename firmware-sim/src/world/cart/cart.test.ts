import { expect, test } from 'vitest'
import { CartMotion, type WalkPlan } from './motion.ts'
import { ownTimeUs } from './own-clock.ts'
import { Wheel } from './wheel.ts'

const start = 1_000_000
const plan: WalkPlan = {
  fromMm: -800,
  toMm: 3800,
  speedMmPerS: 400,
  seed: 'walk',
  startsAtMs: start,
}

test('a walk begins and ends where it should, never turns, and keeps within a fifth of its speed', () => {
  const motion = new CartMotion(plan, 0)
  const end = start + motion.lastsMs
  expect(motion.xAt(start - 5000)).toBe(-800)
  expect(motion.xAt(end)).toBe(3800)
  expect(motion.xAt(end + 5000)).toBe(3800)
  const speeds: number[] = []
  for (let t = start; t < end - 200; t += 100)
    speeds.push((motion.xAt(t + 100) - motion.xAt(t)) * 10)
  expect(Math.min(...speeds)).toBeGreaterThan(0.79 * 400)
  expect(Math.max(...speeds)).toBeLessThan(1.21 * 400)
  expect(new Set(speeds.map(Math.round)).size).toBeGreaterThan(10)
  expect([start - 1, end - 1, end].map((t) => motion.isPending(t))).toEqual([true, true, false])
})

test('the same plan is the same walk, another seed another, and there is a way back', () => {
  const at = (p: WalkPlan) =>
    [1, 2, 3, 4].map((s) => new CartMotion(p, 0).xAt(1_000_000 + s * 1000))
  expect(at(plan)).toEqual(at(plan))
  expect(at({ ...plan, seed: 'other' })).not.toEqual(at(plan))
  const back = new CartMotion({ ...plan, fromMm: 3800, toMm: -800 }, 0)
  expect(back.xAt(1_002_000)).toBeLessThan(3400)
  expect(back.xAt(2_000_000)).toBe(-800)
})

test('to and fro is at its end after half a round and back after a whole one', () => {
  const motion = new CartMotion({ ...plan, fromMm: 0, toMm: 600, shuttles: true }, 0)
  const half = motion.lastsMs / 2
  const at = (ms: number) => motion.xAt(start + ms)
  expect([at(0), at(half), at(2 * half), at(3 * half)].map(Math.round)).toEqual([0, 600, 0, 600])
  expect(at(1500)).toBe(600)
  expect(at(1800)).toBe(600)
})

test('without a time it begins when it is heard of', () => {
  const { startsAtMs: _, ...atOnce } = plan
  const motion = new CartMotion(atOnce, 7000)
  expect(motion.xAt(7000)).toBe(-800)
  expect(motion.xAt(7000 + motion.lastsMs)).toBe(3800)
})

test('a wheel counts more than the way by its scale, and loses what it slips', () => {
  const walk = (faults: ConstructorParameters<typeof Wheel>[1]) => {
    const wheel = new Wheel('w', faults)
    let counted = 0
    for (let x = 0; x <= 4000; x += 10) counted = wheel.rollTo(x)
    return { counted, lost: wheel.lostMm }
  }
  const even = walk({ scaleError: 0.02, slipEveryMm: 0, slipMm: 0 })
  expect(even.lost).toBe(0)
  expect(Math.abs(even.counted - 4080)).toBeLessThan(1)
  const slips = walk({ scaleError: 0, slipEveryMm: 1000, slipMm: 30 })
  expect(slips.lost).toBeGreaterThan(0)
  expect(Math.abs(slips.counted + slips.lost - 4000)).toBeLessThan(1)
})

test('a cart that is lifted somewhere else has not rolled there', () => {
  const wheel = new Wheel('w', { scaleError: 0, slipEveryMm: 0, slipMm: 0 })
  wheel.rollTo(0)
  const before = wheel.rollTo(800)
  wheel.lift()
  expect(wheel.rollTo(-500)).toBe(before)
})

test('a clock of its own drifts away from the wall', () => {
  const clock = { startsAtUs: 5_000_000, sinceMs: 1000, driftPpm: 40 }
  expect(ownTimeUs(clock, 1000)).toBe(5_000_000)
  expect(ownTimeUs(clock, 11_000)).toBeCloseTo(15_000_400, 3)
})
