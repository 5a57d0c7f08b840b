import { describe, expect, test } from 'vitest'
import { freeSpaceRow } from './free-space.ts'
import { poseAt } from './methods/profile.ts'
import { fullDensity, plainWalk, readsPerTag, thinned } from './thin.ts'

const row = freeSpaceRow([220, 300, 380, 460, 540, 620, 700, 780], 600)
const walk = (seed: number, passes = 1) => thinned(row, { ...plainWalk, seed, passes })

describe('thinning to the density of a walk', () => {
  test('a tag has thirteen reads in the mean, and three times as many of three passes', () => {
    const seeds = Array.from({ length: 40 }, (_, i) => i + 1)
    const mean = (passes: number) =>
      seeds.reduce((sum, s) => sum + walk(s, passes).reads.length, 0) / seeds.length / 8
    expect(Math.abs(mean(1) - readsPerTag)).toBeLessThan(0.3)
    expect(Math.abs(mean(3) - 3 * readsPerTag)).toBeLessThan(0.9)
  })

  test('a seed gives the same walk again, another one another', () => {
    expect(walk(3)).toEqual(walk(3))
    expect(walk(3).reads).not.toEqual(walk(4).reads)
  })

  test('every read falls on a pose, on the one channel of its moment', () => {
    const { reads, scene } = walk(1, 3)
    for (const r of reads) expect(poseAt(scene.poses, r.at)).not.toBeNull()
    const channels = Map.groupBy(reads, (r) => Math.floor(r.at / 1000))
    for (const together of channels.values())
      expect(new Set(together.map((r) => r.channelMHz)).size).toBe(1)
  })

  test('poses go forward in time, and back along the rail once for every further pass', () => {
    const { poses } = walk(1, 3).scene
    const steps = poses.slice(1).map((p, i) => ({
      time: p.at - (poses[i]?.at ?? 0),
      x: p.xMm - (poses[i]?.xMm ?? 0),
    }))
    expect(steps.every((s) => s.time > 0)).toBe(true)
    expect(steps.filter((s) => s.x < 0)).toHaveLength(2)
  })

  test('the odometer is wrong by one factor a pass, of a few percent', () => {
    const { poses } = walk(5).scene
    const stretch = poses.slice(0, -1).map((p, i) => p.xMm / (row.apertureMm[i] as number))
    expect(Math.max(...stretch) - Math.min(...stretch)).toBeLessThan(1e-9)
    expect(Math.abs((stretch[0] as number) - 1)).toBeGreaterThan(0)
    expect(Math.abs((stretch[0] as number) - 1)).toBeLessThan(0.08)
  })

  test('with bursts there are stretches without a read, and fewer reads', () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1)
    const count = (bursts: boolean) =>
      seeds.reduce(
        (sum, seed) => sum + thinned(row, { ...plainWalk, seed, bursts }).reads.length,
        0,
      )
    const share = count(true) / count(false)
    expect(share).toBeGreaterThan(0.7)
    expect(share).toBeLessThan(0.98)
  })

  test('whole, a recording is one read for every cell, at the true place', () => {
    const { reads, scene } = fullDensity(row)
    expect(reads).toHaveLength(row.cells.length)
    expect(scene.poses.slice(0, -1).map((p) => p.xMm)).toEqual(row.apertureMm)
    expect(reads.every((r) => (r.phaseRad ?? -1) >= 0 && (r.phaseRad ?? 7) <= 2 * Math.PI)).toBe(
      true,
    )
  })
})
