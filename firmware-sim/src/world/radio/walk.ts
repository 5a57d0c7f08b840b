/**
 * One walk with the inventory cart along one face, all drawn by a seed: what the locator is given, what the reader
 * reports, and the truth, which the locator never sees (locating 3 and 11).
 */
import type { Pose, WalkRead, WalkScene } from '@lantai/contracts'
import { Rng } from '../rng.ts'
import { Air, type AirRead } from './air.ts'
import { channelsMHz } from './band.ts'
import { type ClockRanges, type DeviceClock, drawClock } from './clock.ts'
import type { BoxKind } from './misplacing.ts'
import { drawNature, type Motion, type MotionRanges, walkPass } from './motion.ts'
import { between, chanceWithin, type Range, wholeBetween } from './range.ts'
import { Reader } from './reader.ts'
import { drawScene, type RadioScene, type SceneRanges } from './scene.ts'
import { drawShadow, type ShadowRanges } from './shadow.ts'

export interface WalkRanges extends SceneRanges {
  readonly passes: Range
  readonly pauseS: Range
  /** Chance that the next pass walks back, instead of along the face once more. */
  readonly walksBack: Range
  readonly motion: MotionRanges
  readonly clocks: ClockRanges
  readonly shadow: ShadowRanges
  /** Chance that a second reader has the upper antennas; that flags are kept (S1). */
  readonly secondReader: Range
  readonly keepsFlags: Range
  readonly antennaDwellMs: Range
  readonly channelDwellMs: Range
}

export interface TrueBox {
  readonly epc: string
  /** null: not on these shelves. */
  readonly shelf: string | null
  /** Among all boxes that stand on that shelf, read or not. */
  readonly rank: number | null
  /** Of its tag; of a box that is not on these shelves, 0. */
  readonly xMm: number
  readonly kind: BoxKind
  /** `silent` is alive, and gave no read in this walk. */
  readonly tag: 'live' | 'dead' | 'weak' | 'silent'
  readonly pushedBackMm: number
}

export interface WalkTruth {
  readonly boxes: readonly TrueBox[]
  /** Where the cart was, by the clock of the reader. */
  readonly poses: readonly Pose[]
}

export interface Walk {
  readonly scene: WalkScene
  readonly reads: readonly WalkRead[]
  readonly truth: WalkTruth
}

const poseEveryUs = 20_000
const originUs: Range = [1e9, 1e12]

export const drawWalk = (seed: string, ranges: WalkRanges): Walk =>
  playWalk(drawScene(seed, ranges), seed, ranges)

/** Walks along a scene that was drawn before, and perhaps changed since. */
export function playWalk(scene: RadioScene, seed: string, ranges: WalkRanges): Walk {
  const rng = new Rng(`walk/${seed}`)
  const air = new Air(scene.setup, rng.fork('air'))
  const passes = drawPasses(scene, ranges, rng.fork('motion'))
  const origin = Math.round(between(rng, originUs))
  const readerClock = drawClock(ranges.clocks, origin, rng.fork('reader-clock'))
  const wheelClock = drawClock(ranges.clocks, origin, rng.fork('wheel-clock'))
  const readers = drawReaders(air, scene, ranges, rng.fork('readers'))
  const shadows = rng.fork('shadow')
  const heard: AirRead[] = []
  for (const pass of passes) {
    const around = surroundingsOf(pass, scene, ranges.shadow, shadows)
    for (const reader of readers) heard.push(...reader.run(pass.startUs, pass.endUs, around))
  }
  heard.sort((a, b) => a.atUs - b.atUs)
  const truePoses = passes.flatMap((pass) => posesOf(pass, readerClock, (us) => pass.cart(us).xMm))
  return {
    scene: {
      ...scene.told,
      poses: passes.flatMap((pass) => posesOf(pass, wheelClock, (us) => pass.wheel(us))),
    },
    reads: heard.map((read) => walkRead(read, readerClock)),
    truth: { boxes: trueBoxes(scene, heard), poses: truePoses },
  }
}

const walkRead = (read: AirRead, clock: DeviceClock): WalkRead => ({
  at: clock(read.atUs),
  epc: read.epc,
  antenna: read.antenna,
  channelMHz: channelsMHz[read.channel] as number,
  phaseRad: read.phaseRad,
  rssiDbm: read.rssiDbm,
})

function drawPasses(scene: RadioScene, ranges: WalkRanges, rng: Rng): Motion[] {
  const nature = drawNature(ranges.motion, rng)
  const count = wholeBetween(rng, ranges.passes)
  let [from, to] = scene.setup.trackMm
  const passes: Motion[] = []
  for (let n = 0, at = 0; n < count; n++) {
    const pass = walkPass(nature, from, to, at, rng)
    passes.push(pass)
    at = pass.endUs + Math.round(1e6 * between(rng, ranges.pauseS))
    if (chanceWithin(rng, ranges.walksBack)) [from, to] = [to, from]
  }
  return passes
}

function drawReaders(air: Air, scene: RadioScene, ranges: WalkRanges, rng: Rng): Reader[] {
  const numbers = scene.setup.antennas.map((a) => a.antenna)
  const half = Math.ceil(numbers.length / 2)
  const two = chanceWithin(rng, ranges.secondReader)
  const groups = two ? [numbers.slice(0, half), numbers.slice(half)] : [numbers]
  const common = {
    session: chanceWithin(rng, ranges.keepsFlags) ? ('S1' as const) : ('S0' as const),
    antennaDwellUs: 1000 * between(rng, ranges.antennaDwellMs),
    channelDwellUs: 1000 * between(rng, ranges.channelDwellMs),
  }
  return groups.map(
    (antennas, i) =>
      new Reader(air, { ...common, antennas }, scene.setup.tags.length, rng.fork(`reader-${i}`)),
  )
}

function surroundingsOf(pass: Motion, scene: RadioScene, ranges: ShadowRanges, rng: Rng) {
  const shadow = drawShadow(ranges, scene.setup.trackMm, rng)
  const height = new Map(scene.setup.antennas.map((a) => [a.antenna, a.offsetMm[1]]))
  return {
    cart: (us: number) => pass.cart(us),
    shadowDb: (us: number, antenna: number) => shadow(pass.cart(us).xMm, height.get(antenna) ?? 0),
  }
}

function posesOf(pass: Motion, clock: DeviceClock, x: (us: number) => number): Pose[] {
  const poses: Pose[] = []
  for (let us = pass.startUs; us <= pass.endUs; us += poseEveryUs)
    poses.push({ at: clock(us), xMm: Math.round(10 * x(us)) / 10 })
  return poses
}

function trueBoxes(scene: RadioScene, heard: readonly AirRead[]): TrueBox[] {
  const read = new Set(heard.map((r) => r.tag))
  const { tags } = scene.setup
  const stateOf = (own: readonly number[], weak: boolean): TrueBox['tag'] => {
    if (own.some((i) => read.has(i))) return weak ? 'weak' : 'live'
    return own.every((i) => tags[i]?.dead) && own.length > 0 ? 'dead' : 'silent'
  }
  return [
    ...scene.boxes.map((box): TrueBox => {
      const { epc, shelf, rank, kind, pushedBackMm } = box
      const { xMm } = box.tag
      return { epc, shelf, rank, xMm, kind, tag: stateOf(box.tags, box.weak), pushedBackMm }
    }),
    ...scene.absent.map(
      ({ epc, kind, tags: own }): TrueBox => ({
        ...{ epc, kind, shelf: null, rank: null, xMm: 0, pushedBackMm: 0 },
        tag: stateOf(own, false),
      }),
    ),
  ]
}
