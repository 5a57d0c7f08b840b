import { type FrozenScene, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import type { DriverEvent, TagRead } from '../../drivers/driver.ts'
import { prepareWalk } from './prepare.ts'
import { WalkRecorder } from './recorder.ts'

/** The reader's clock is a minute slow, the odometer's counts from its start. */
const readerUs = (mono: number) => 1.7e15 + (mono - 60_000) * 1000
const odometerUs = (mono: number) => 5e9 + mono * 1000
const stepMs = 50
const mmPerMs = 0.4

const read = (mono: number, more: Partial<TagRead> = {}): TagRead => ({
  ...{ epc: 'E280116060000209AAAA0001', antenna: 1, count: 1, rssiDbm: -60 },
  ...{ frequencyKhz: 920_625, phaseRad: 1, deviceTimeUs: readerUs(mono), ...more },
})

/** A walk of the cart, told by its two drivers 2 ms late. */
class Cart {
  readonly clock = new VirtualClock()
  readonly recorder = new WalkRecorder(
    { reader: 'cart', odometer: 'odo', startXMm: -500 },
    this.clock,
  )
  stretch = 7
  say(event: DriverEvent, ageMs = 0) {
    this.recorder.take(event, ageMs)
  }
  /** Walks for so long; `without` leaves out what one of the devices says. */
  walk(ms: number, without: 'nothing' | 'reads' | 'positions' = 'nothing') {
    for (let t = 0; t < ms; t += stepMs) {
      const mono = this.clock.mono()
      this.clock.advance(2)
      const at = { device: 'odo', stretch: this.stretch, roundTripMs: 2 }
      const xMm = 80_000 + mono * mmPerMs
      if (without !== 'positions')
        this.say({ kind: 'odometry', ...at, xMm, deviceUs: odometerUs(mono) })
      if (without !== 'reads') this.say({ kind: 'tags', device: 'cart', reads: [read(mono)] })
      this.clock.advance(stepMs - 2)
    }
  }
  health(state: 'online' | 'offline') {
    const rest = { detail: null, firmware: null, badFrames: 0 }
    this.say({ kind: 'health', device: 'cart', state, ...rest })
  }
}

const frozen: FrozenScene = {
  face: '1A',
  antennas: [{ antenna: 1, offsetMm: [0, 1000, 0] }],
  shelves: [{ shelf: '1A-1-1', heightMm: 1000, depthMm: 600, fromMm: 0, toMm: 900 }],
  expected: [],
  references: [],
}
/** Stretches of the rail that the poses of the walk hold, cut where the contract says that another pass begins. */
function covered(cart: Cart): [number, number][] {
  const { poses } = prepareWalk(frozen, cart.recorder.finish()).scene
  const stretches: [number, number][] = []
  poses.forEach((p, i) => {
    const last = poses[i - 1]
    const open = stretches.at(-1)
    if (!open || !last || p.at - last.at > 20e6) stretches.push([p.xMm, p.xMm])
    else open[1] = p.xMm
  })
  return stretches.map(([a, b]) => [Math.round(a), Math.round(b)])
}

test('reads and positions of clocks that differ are put on ours, and where the cart stands is where it was said to', () => {
  const cart = new Cart()
  cart.walk(10_000)
  const { reads, poses, blinds, troubles } = cart.recorder.finish()
  expect(troubles).toEqual([])
  expect(blinds).toEqual([])
  expect([reads.size, poses.length]).toEqual([200, 200])
  expect(poses[0]).toEqual({ at: 2000, xMm: -500 })
  // Both were heard 2 ms late, and of one moment.
  poses.forEach((p, i) => {
    expect(reads.at[i]).toBe(p.at)
    expect(p.xMm).toBeCloseTo(-500 + i * stepMs * mmPerMs, 6)
  })
})

test('what lay in a queue is not late: its age counts', () => {
  const cart = new Cart()
  cart.walk(3000)
  const mono = cart.clock.mono()
  cart.clock.advance(700)
  const { deviceTimeUs: _, ...timeless } = read(mono)
  cart.say({ kind: 'tags', device: 'cart', reads: [timeless] }, 700)
  const { reads } = cart.recorder.finish()
  expect(reads.at[reads.size - 1]).toBe(mono * 1000)
})

test('an odometer that is away leaves a gap, and what was read there has no place', () => {
  const cart = new Cart()
  cart.walk(4000)
  expect(cart.recorder.progress.troubles).toEqual([])
  cart.walk(3000, 'positions')
  expect(cart.recorder.progress.troubles).toEqual(['odometer-gap'])
  cart.walk(4000)
  const gathered = cart.recorder.finish()
  expect(gathered.troubles).toEqual(['odometer-gap'])
  const { scene, reads } = prepareWalk(frozen, gathered)
  const kept = [...reads]
  expect(gathered.reads.size - kept.length).toBeGreaterThan(55)
  // Both sides are passes of their own, and a read keeps its distance to the poses around it.
  const [before, after] = [scene.poses[79], scene.poses[80]]
  expect((after?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThan(30e6)
  expect(kept.every((r) => scene.poses.some((p) => p.at === r.at))).toBe(true)
})

test('an antenna that the scene does not have is not heard', () => {
  const cart = new Cart()
  cart.walk(2000)
  cart.say({ kind: 'tags', device: 'cart', reads: [read(cart.clock.mono(), { antenna: 9 })] })
  const gathered = cart.recorder.finish()
  expect(gathered.reads.size - [...prepareWalk(frozen, gathered).reads].length).toBe(1)
})

test('what a reader did not hear is a gap of the track: away, or lost in its buffer', () => {
  const away = new Cart()
  away.walk(4000)
  away.health('offline')
  expect(away.recorder.progress.troubles).toEqual(['reader-gap'])
  away.walk(3000, 'reads')
  away.health('online')
  away.walk(4000)
  const [first, second, ...more] = covered(away)
  expect(more).toEqual([])
  expect(first?.[1]).toBeGreaterThan(1050)
  expect(first?.[1]).toBeLessThan(1101)
  expect(second?.[0]).toBeGreaterThan(2250)

  const overflown = new Cart()
  overflown.walk(4000)
  const now = overflown.clock.now()
  const span = { fromMs: now - 200, toMs: now }
  overflown.say({ kind: 'hole', device: 'cart', reason: 'reader-overflow', ...span })
  overflown.walk(4000)
  expect(overflown.recorder.progress.troubles).toEqual(['reader-gap'])
  // However short, it is wide enough to be seen as one.
  expect(covered(overflown)).toHaveLength(2)
})

test('a reader that is still away at the end, or whose driver died, was not heard since its last word', () => {
  for (const trouble of ['offline', 'died'] as const) {
    const cart = new Cart()
    cart.walk(4000)
    if (trouble === 'offline') cart.health('offline')
    else cart.recorder.lost(['cart'])
    cart.walk(4000, 'reads')
    const [only, ...more] = covered(cart)
    expect(more).toEqual([])
    expect(only?.[1]).toBeLessThan(1101)
  }
})

test('an odometer that began anew cannot be placed, and says so', () => {
  const cart = new Cart()
  cart.walk(4000)
  cart.stretch = 8
  cart.walk(4000)
  const { poses, troubles } = cart.recorder.finish()
  expect(poses).toHaveLength(80)
  expect(troubles).toContain('odometer-restarted')
})

test('reads without a level or a frequency are none, and other devices are not heard', () => {
  const cart = new Cart()
  const { rssiDbm: _, ...mute } = read(0)
  cart.say({ kind: 'tags', device: 'cart', reads: [mute] })
  cart.say({ kind: 'tags', device: 'desk-1', reads: [read(0)] })
  const rest = { stretch: 1, xMm: 5, deviceUs: null, roundTripMs: 1 }
  cart.say({ kind: 'odometry', device: 'another', ...rest })
  expect(cart.recorder.progress).toEqual({
    ...{ reads: 0, tags: 0, xMm: null, walkedMm: 0, troubles: ['reads-unusable'] },
  })
})
