import type { WalkRead } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { Rng } from '../rng.ts'
import { channelsMHz } from './band.ts'
import { Hopping } from './hopping.ts'
import { drawNature, walkPass } from './motion.ts'
import { walkRanges } from './presets.ts'
import { drawScene } from './scene.ts'
import { drawShadow } from './shadow.ts'
import { drawWalk, type WalkRanges } from './walk.ts'

const { development } = walkRanges

/** A small face: two sections of three boards. */
const small: WalkRanges = {
  ...development,
  face: { ...development.face, sections: [2, 2], boards: [3, 3] },
  antennas: { ...development.antennas, count: [3, 3] },
}

const readsOf = (reads: readonly WalkRead[]) => {
  const by = new Map<string, number>()
  for (const read of reads) by.set(read.epc, (by.get(read.epc) ?? 0) + 1)
  return by
}
const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

describe('a walk along a face', () => {
  const walk = drawWalk('walk', small)

  it('is the same to the byte for one seed, and another for another', () => {
    expect(JSON.stringify(drawWalk('walk', small))).toBe(JSON.stringify(walk))
    expect(JSON.stringify(drawWalk('walk 2', small).reads)).not.toBe(JSON.stringify(walk.reads))
  })

  it('is what the locator takes, in order of time', () => {
    expect(walk.reads.length).toBeGreaterThan(500)
    for (const read of walk.reads) {
      expect(Number.isSafeInteger(read.at) && read.at >= 0).toBe(true)
      expect(read.epc).toMatch(/^[0-9A-F]{24}$/)
      expect(channelsMHz).toContain(read.channelMHz)
      expect(read.phaseRad).toBeLessThan(2 * Math.PI)
    }
    const times = walk.reads.map((r) => r.at)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('counts ranks from the left among all that stand on a board', () => {
    const { boxes } = walk.truth
    for (const { shelf, fromMm, toMm } of walk.scene.shelves) {
      const row = boxes.filter((b) => b.shelf === shelf)
      const byX = [...row].sort((a, b) => a.xMm - b.xMm)
      expect(byX.map((b) => b.rank)).toEqual(row.map((_, i) => i + 1))
      for (const { xMm } of row) {
        expect(xMm).toBeGreaterThan((fromMm as number) - 20)
        expect(xMm).toBeLessThan((toMm as number) + 20)
      }
    }
  })

  it('tells no truth: the odometer is off, and the clocks are apart', () => {
    const [told, real] = [walk.scene.poses, walk.truth.poses]
    expect(told.length).toBe(real.length)
    expect(told.map((p) => p.at)).not.toEqual(real.map((p) => p.at))
    const apart = told.map((p, i) => p.xMm - (real[i]?.xMm ?? 0))
    expect(Math.max(...apart) - Math.min(...apart)).toBeGreaterThan(5)
  })

  it('hears what stands there, and calls a tag silent only if it was', () => {
    const read = readsOf(walk.reads)
    for (const { epc, tag } of walk.truth.boxes)
      expect(read.has(epc)).toBe(tag === 'live' || tag === 'weak')
    expect(
      median(walk.truth.boxes.filter((b) => b.shelf).map((b) => read.get(b.epc) ?? 0)),
    ).toBeGreaterThan(3)
  })
})

describe('what is planted', () => {
  it('leaves nine boxes of ten in place in the hard ranges, and 98 to 99.5 % in the others', () => {
    const share = (ranges: WalkRanges) => {
      let [inPlace, all] = [0, 0]
      for (let seed = 0; seed < 12; seed++) {
        const { boxes, absent } = drawScene(`planted ${seed}`, ranges)
        const counted = [...boxes, ...absent.filter((b) => b.kind !== 'stray')]
        all += counted.length
        inPlace += counted.filter((b) => b.kind === 'in-place').length
      }
      return inPlace / all
    }
    expect(share(walkRanges['development-hard'])).toBeGreaterThan(0.85)
    expect(share(walkRanges['development-hard'])).toBeLessThan(0.93)
    expect(share(development)).toBeGreaterThan(0.98)
    expect(share(development)).toBeLessThan(0.995)
  })

  it('swaps neighbours, and says of both', () => {
    const { truth, scene } = drawWalk('swaps', {
      ...small,
      misplacing: {
        ...{ movedOnShelf: [0, 0], movedShelf: [0, 0], foreign: [0, 0], removed: [0, 0] },
        swapped: [0.08, 0.08],
      },
    })
    const expected = new Map(scene.expected?.map((e) => [e.epc, e]))
    const swapped = truth.boxes.filter((b) => b.kind === 'swapped')
    expect(swapped.length).toBeGreaterThan(1)
    for (const box of swapped) {
      const slot = expected.get(box.epc)
      expect(slot?.shelf).toBe(box.shelf)
      expect(Math.abs((slot?.rank ?? 0) - (box.rank ?? 0))).toBe(1)
    }
    for (const box of truth.boxes.filter((b) => b.kind === 'in-place'))
      expect(expected.get(box.epc)?.rank).toBe(box.rank)
  })
})

describe('what does not stand there', () => {
  const crowded: WalkRanges = {
    ...small,
    population: { ...small.population, strays: [0.4, 0.4] },
  }
  const walk = drawWalk('crowded', crowded)
  const scene = drawScene('crowded', crowded)
  const timesOf = (epc: string) => walk.reads.filter((r) => r.epc === epc).map((r) => r.at)
  const first = walk.reads[0]?.at ?? 0
  const lasted = (walk.reads.at(-1)?.at ?? 0) - first
  /** Share of the walk between the first and the last read of a tag. */
  const spanOf = (epc: string) => {
    const times = timesOf(epc)
    return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / lasted
  }

  it('is heard all the way when it rides along, and in passing when it stands', () => {
    const heard = scene.absent.filter((b) => timesOf(b.epc).length >= 8)
    const rides = (tag: number | undefined) => scene.setup.tags[tag ?? -1]?.rides === true
    const riding = heard.filter((b) => rides(b.tags[0])).map((b) => spanOf(b.epc))
    const standing = heard.filter((b) => !rides(b.tags[0])).map((b) => spanOf(b.epc))
    expect(riding.length).toBeGreaterThan(1)
    expect(standing.length).toBeGreaterThan(1)
    expect(median(riding)).toBeGreaterThan(0.8)
    expect(median(standing)).toBeLessThan(0.7)
  })

  it('has no shelf and no rank', () => {
    const strays = walk.truth.boxes.filter((b) => b.kind === 'stray')
    expect(strays.length).toBe(scene.absent.filter((b) => b.kind === 'stray').length)
    for (const stray of strays) expect([stray.shelf, stray.rank]).toEqual([null, null])
    const expected = new Set(walk.scene.expected?.map((e) => e.epc))
    expect(strays.some((b) => expected.has(b.epc))).toBe(false)
  })
})

describe('somebody in the way', () => {
  it('hides stretches of about the length that was asked for, lower antennas at least as often', () => {
    const track = [0, 200_000] as const
    const hides = drawShadow(
      { freeMm: [600, 600], hiddenMm: [100, 100], lossDb: [10, 10] },
      track,
      new Rng('shadow'),
    )
    const share = (height: number) => {
      let hidden = 0
      for (let x = 0; x < track[1]; x += 10) if (hides(x, height) > 0) hidden++
      return hidden / (track[1] / 10)
    }
    expect(share(500)).toBeGreaterThan(0.1)
    expect(share(500)).toBeLessThan(0.19)
    expect(share(2000)).toBeLessThan(share(500))
  })
})

describe('rates', () => {
  /** Boxes of one thickness on six boards, walked at half a metre a second (locating 2). */
  const dense = (spine: number): WalkRanges => ({
    ...development,
    face: {
      ...development.face,
      sections: [4, 4],
      boards: [6, 6],
      fill: [0.95, 0.95],
      thickness: [30, 50, 100].includes(spine)
        ? [[0, 0], [0, 0], pick(spine === 30), pick(spine === 50), pick(spine === 100)]
        : development.face.thickness,
    },
    motion: { ...development.motion, speedMPerS: [0.5, 0.5] },
    secondReader: [0, 0],
  })
  const pick = (yes: boolean): readonly [number, number] => (yes ? [1, 1] : [0, 0])

  it('never beat the air: a success costs at least 1.5 ms, and three slots of four are lost or empty', () => {
    const walk = drawWalk('rates', dense(50))
    const seconds = ((walk.reads.at(-1)?.at ?? 0) - (walk.reads[0]?.at ?? 0)) / 1e6
    const rate = walk.reads.length / seconds
    expect(rate).toBeGreaterThan(250)
    expect(rate).toBeLessThan(600)
  })

  it('fall with the pitch of the tags, about as the table of locating 2 says', () => {
    const perPass = (spine: number) => {
      const walk = drawWalk('pitch', dense(spine))
      const read = readsOf(walk.reads)
      const standing = walk.truth.boxes.filter((b) => b.shelf)
      return standing.reduce((sum, b) => sum + (read.get(b.epc) ?? 0), 0) / standing.length
    }
    const [wide, middling] = [perPass(100), perPass(50)]
    expect(wide).toBeGreaterThan(1.4 * middling)
    expect(wide).toBeGreaterThan(13 / 2)
    expect(wide).toBeLessThan(13 * 2)
    expect(middling).toBeGreaterThan(6.7 / 2)
    expect(middling).toBeLessThan(6.7 * 2)
  })
})

describe('the cart', () => {
  it('keeps within a fifth of its speed, and its wheel is off by its scale', () => {
    const nature = {
      ...drawNature(development.motion, new Rng('nature')),
      ...{ speedMmPerUs: 4e-4, scale: 1.02, slipsPerMm: 0 },
    }
    const pass = walkPass(nature, 0, 4000, 0, new Rng('pass'))
    for (let us = 0; us + 5000 < pass.endUs; us += 5000) {
      const step = pass.cart(us + 5000).xMm - pass.cart(us).xMm
      expect(step).toBeGreaterThan(0.79 * 2)
      expect(step).toBeLessThan(1.21 * 2)
    }
    const wheel = pass.wheel(pass.endUs) - pass.wheel(0)
    expect(wheel / (pass.cart(pass.endUs).xMm - pass.cart(0).xMm)).toBeCloseTo(1.02, 6)
  })

  it('uses every channel once before one comes again, two seconds at most', () => {
    const hopping = new Hopping(200_000, new Rng('hop'))
    for (const cycle of [0, 1, 2]) {
      const used = channelsMHz.map((_, n) => hopping.channelAt((cycle * 16 + n) * 200_000 + 1000))
      expect([...used].sort((a, b) => a - b)).toEqual([...channelsMHz.keys()])
    }
    for (const ranges of Object.values(walkRanges))
      expect(ranges.channelDwellMs[1]).toBeLessThanOrEqual(2000)
  })
})
