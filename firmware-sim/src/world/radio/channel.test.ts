import { describe, expect, it } from 'vitest'
import { Rng } from '../rng.ts'
import { Air, type AirSetup } from './air.ts'
import type { AirAntenna } from './antenna.ts'
import { channelsMHz, waveNumber } from './band.ts'
import { distance, type Point } from './geometry.ts'
import type { Source } from './source.ts'
import { imageIn } from './source.ts'
import type { AirTag } from './tag.ts'

const height = 1000
const isotropic: AirAntenna = {
  antenna: 1,
  offsetMm: [0, height, 0],
  phaseCentreMm: 0,
  gainDbi: 0,
  exponent: 0,
  back: 1,
  cableMm: 0,
  phaseRad: 0,
  txDbm: 30,
}
const tagAt = (xMm: number, yMm: number): AirTag => ({
  epc: '0000',
  at: { xMm, yMm, zMm: height },
  rides: false,
  lossDb: 0,
  thresholdDbm: -20,
  dead: false,
  phaseRad: 0,
  channelRad: channelsMHz.map(() => 0),
})
const silent: AirSetup['link'] = {
  phaseNoiseRad: 0,
  rssiNoiseDb: 0,
  modulationLossDb: 6,
  limiterDb: 200,
  sensitivityDbm: -200,
}
const gen2 = {
  ...{ emptyUs: 200, collisionUs: 400, successUs: 2000, queryUs: 1000, c: 0.3, capture: 0.3 },
}

interface Before {
  antenna?: Partial<AirAntenna>
  link?: Partial<AirSetup['link']>
  sources?: (at: Point) => readonly Source[]
}

function airOf(tag: AirTag, { antenna = {}, link = {}, sources = () => [] }: Before = {}): Air {
  const setup: AirSetup = {
    antennas: [{ ...isotropic, ...antenna }],
    tags: [tag],
    sources,
    trackMm: [-2000, 2000],
    link: { ...silent, ...link },
    gen2,
  }
  return new Air(setup, new Rng('channel'))
}

const here = { xMm: 0, yMm: 0 }
const heard = (air: Air, channel = 8, xMm = 0) => {
  const answer = air.listen(1, 0, channel, { xMm, yMm: 0 })
  if (!answer) throw new Error(`no answer at ${xMm}`)
  return answer
}
const turned = (rad: number) => ((rad % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)
const step = (2 * Math.PI) / 4096
/** Equal on the circle, to one step of the report. */
const expectAngle = (a: number, b: number, within = 1.01 * step) =>
  expect(Math.abs(turned(a - b + Math.PI) - Math.PI)).toBeLessThan(within)

/** One scatterer that adds half of the direct way, more or less. */
const scatterer: Point = { xMm: 900, yMm: 300, zMm: height }
const lengthMm = 450
const overScatterer = (at: Point): Source[] => {
  const extraMm = distance(at, scatterer)
  return [{ ...scatterer, extraMm, gain: lengthMm / extraMm, turnRad: 1 }]
}

describe('the channel between an antenna and a tag', () => {
  it('turns the phase forward with distance, there and back', () => {
    const k = waveNumber(channelsMHz[8] as number)
    const near = heard(airOf(tagAt(0, 600))).phaseRad
    for (const more of [10, 40, 70])
      expectAngle(heard(airOf(tagAt(0, 600 + more))).phaseRad - near, 2 * k * more)
  })

  it('adds one straight line over the band for cable and reader', () => {
    const cableMm = 7800
    const bare = airOf(tagAt(0, 600))
    const cabled = airOf(tagAt(0, 600), { antenna: { cableMm } })
    for (const channel of channelsMHz.keys()) {
      const line = 2 * waveNumber(channelsMHz[channel] as number) * cableMm
      expectAngle(heard(cabled, channel).phaseRad - heard(bare, channel).phaseRad, line, 2.1 * step)
    }
    const slope = 2 * (waveNumber(923) - waveNumber(922)) * cableMm
    expect(slope).toBeCloseTo(0.33, 2)
  })

  it('loses 40 dB a decade there and back, and 20 where the chip limits', () => {
    const loss = (limiterDb: number) =>
      heard(airOf(tagAt(0, 200), { link: { limiterDb } })).rssiDbm -
      heard(airOf(tagAt(0, 2000), { link: { limiterDb }, antenna: {} })).rssiDbm
    expect(loss(200)).toBeCloseTo(40, 0)
    expect(loss(-30)).toBeCloseTo(20, 0)
  })

  it('is the same from either end', () => {
    const [a, b] = [
      { xMm: 100, yMm: 0, zMm: height },
      { xMm: -150, yMm: 700, zMm: height },
    ]
    const mirror = { axis: 'y', atMm: 1200, gamma: 0.5, turnRad: 2 } as const
    const sources = (at: Point) => [...overScatterer(at), imageIn(mirror, at)]
    const between = (from: Point, to: Point) => {
      const antenna = { offsetMm: [from.xMm, from.zMm, from.yMm] } as const
      const air = airOf({ ...tagAt(0, 0), at: to }, { antenna, sources })
      return air.way(1, 0, 5, here)
    }
    const [there, back] = [between(a, b), between(b, a)]
    expect(there?.incidentDbm).toBeCloseTo(back?.incidentDbm as number, 6)
    expectAngle(there?.phaseRad as number, back?.phaseRad as number, 1e-6)
  })

  it('is what the sum of its ways is, off the nodes of its grid too', () => {
    const tag = tagAt(0, 600)
    const air = airOf(tag, { sources: overScatterer })
    for (const [xMm, channel] of [
      [3, 1],
      [211, 6],
      [-387, 14],
    ] as const) {
      const k = waveNumber(channelsMHz[channel] as number)
      const from = { xMm, yMm: 0, zMm: height }
      const direct = distance(from, tag.at)
      const [source] = overScatterer(tag.at) as [Source]
      const over = distance(from, source)
      const a = source.gain / over
      const p = k * (over + source.extraMm) + source.turnRad
      const re = Math.cos(k * direct) / direct + a * Math.cos(p)
      const im = Math.sin(k * direct) / direct + a * Math.sin(p)
      const way = air.way(1, 0, channel, { xMm, yMm: 0 })
      expectAngle(way?.phaseRad as number, Math.atan2(im, re), 0.02)
      const power = 30 + 20 * Math.log10(Math.hypot(re, im) / (2 * k))
      expect(way?.incidentDbm).toBeCloseTo(power, 1)
    }
  })

  it('falls silent in fades, and not only quiet', () => {
    const tag = tagAt(0, 600)
    const places = Array.from({ length: 160 }, (_, i) => 5 * (i - 80))
    const free = airOf(tag, { sources: overScatterer })
    const levels = places
      .flatMap((xMm) => free.way(1, 0, 8, { xMm, yMm: 0 })?.incidentDbm ?? [])
      .sort((a, b) => a - b)
    const weak = { ...tag, thresholdDbm: levels[Math.floor(levels.length / 2)] as number }
    const air = airOf(weak, { sources: overScatterer })
    const states = places.map((xMm) => {
      const way = air.way(1, 0, 8, { xMm, yMm: 0 })
      const awake = way !== null && way.incidentDbm >= weak.thresholdDbm
      expect(air.listen(1, 0, 8, { xMm, yMm: 0 }) !== null).toBe(awake)
      return awake
    })
    const edges = states.filter((awake, i) => i > 0 && awake !== states[i - 1]).length
    expect(edges).toBeGreaterThan(3)
  })

  it('reports 4,096 steps of phase and half decibels', () => {
    const air = airOf(tagAt(0, 600), { link: { phaseNoiseRad: 0.1, rssiNoiseDb: 0.5 } })
    for (let n = 0; n < 50; n++) {
      const { phaseRad, rssiDbm } = heard(air)
      expect(phaseRad).toBeGreaterThanOrEqual(0)
      expect(phaseRad).toBeLessThan(2 * Math.PI)
      expect(phaseRad / step).toBeCloseTo(Math.round(phaseRad / step), 6)
      expect(2 * rssiDbm).toBe(Math.round(2 * rssiDbm))
    }
  })
})
