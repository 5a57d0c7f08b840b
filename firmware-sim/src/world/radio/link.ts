/**
 * The link budget: what arrives at the tag, and what of its answer the reader reports. Both ways share one channel, so
 * the answer carries its square (locating 3).
 */
import type { Rng } from '../rng.ts'
import { type AirAntenna, antennaPoint } from './antenna.ts'
import { channelsMHz, waveNumber } from './band.ts'
import { distance } from './geometry.ts'
import { type Ratio, wayAmplitude } from './profile.ts'
import type { AirTag } from './tag.ts'

/** What readers and tags of one scene have in common. */
export interface LinkSettings {
  /** White phase noise of one read, rms: 0.014 to 0.024 in recordings, 0.1 as a safe bound. */
  readonly phaseNoiseRad: number
  readonly rssiNoiseDb: number
  /** What a tag sends back of what it takes in, at its threshold. */
  readonly modulationLossDb: number
  /**
   * Above its threshold by so much a chip begins to limit its supply and sends back less of what it takes in. In the
   * recordings RSSI falls by 20 dB a decade of distance near the antenna, and by 40 and more in fades.
   */
  readonly limiterDb: number
  readonly sensitivityDbm: number
}

/** One way at one moment. */
export interface Way {
  readonly incidentDbm: number
  /** Of the whole channel, one way, cable not included. */
  readonly phaseRad: number
}

export interface Heard {
  readonly rssiDbm: number
  readonly phaseRad: number
}

export interface Cart {
  readonly xMm: number
  /** How far it stands nearer to the shelf than its rail says. */
  readonly yMm: number
}

const phaseSteps = 4096

export function oneWay(
  antenna: AirAntenna,
  tag: AirTag,
  cart: Cart,
  channel: number,
  ratio: Ratio,
  shadowDb: number,
): Way {
  const from = antennaPoint(antenna, cart.xMm, cart.yMm)
  const to = tag.rides
    ? { ...tag.at, xMm: tag.at.xMm + cart.xMm, yMm: tag.at.yMm + cart.yMm }
    : tag.at
  const d = distance(from, to)
  const k = waveNumber(channelsMHz[channel] as number)
  const field = (wayAmplitude(antenna, from, to, d) / (2 * k)) * Math.hypot(ratio.re, ratio.im)
  return {
    incidentDbm: antenna.txDbm + antenna.gainDbi + 20 * Math.log10(field) - tag.lossDb - shadowDb,
    phaseRad: k * d + Math.atan2(ratio.im, ratio.re),
  }
}

export const wakes = (tag: AirTag, way: Way): boolean =>
  !tag.dead && way.incidentDbm >= tag.thresholdDbm

/** The report of one answer; null when it is too weak to be decoded. */
export function report(
  antenna: AirAntenna,
  tag: AirTag,
  way: Way,
  channel: number,
  link: LinkSettings,
  rng: Rng,
): Heard | null {
  const over = way.incidentDbm - tag.thresholdDbm - link.limiterDb
  const limited = 10 * Math.log10(1 + 10 ** (over / 10))
  const back = 2 * way.incidentDbm - antenna.txDbm - link.modulationLossDb - limited
  if (back < link.sensitivityDbm) return null
  const cable = 2 * waveNumber(channelsMHz[channel] as number) * antenna.cableMm
  const own = antenna.phaseRad + tag.phaseRad + (tag.channelRad[channel] as number)
  const noise = link.phaseNoiseRad * rng.normal()
  return {
    phaseRad: stepped(2 * way.phaseRad + cable + own + noise),
    rssiDbm: Math.round(2 * (back + link.rssiNoiseDb * rng.normal())) / 2,
  }
}

/** From 0 to 2π in the steps that readers report. */
function stepped(rad: number): number {
  const steps = Math.round((rad / (2 * Math.PI)) * phaseSteps) % phaseSteps
  return (((steps + phaseSteps) % phaseSteps) / phaseSteps) * 2 * Math.PI
}
