/**
 * A simple, honest UHF channel between one antenna and one tag, for desk and door: free space with fades. A tag answers
 * only when enough power reaches it, so that weak tags are missed, not merely quieter (locating 3). What the cart hears
 * before a whole face is in `radio/`.
 */
import { channelsMHz } from './radio/band.ts'
import type { Rng } from './rng.ts'

const lightMmPerS = 299_792_458_000
const antennaGainDb = 6
/** Tag antenna, full box behind it, polarisation: one way. */
const tagLossDb = 11
const wakeUpDbm = -18
const fadeDb = 3
/** Electrical length of cable and reader, and of the tag itself, as one angle. */
const cableRad = 1.9

export interface Read {
  /** Peak RSSI in dBm, steps of half a decibel. */
  readonly rssiDbm: number
  /** Radians from 0 to 2π; grows with distance. */
  readonly phaseRad: number
}

const oneWayLossDb = (distanceMm: number, kHz: number) =>
  20 * Math.log10((4 * Math.PI * Math.max(60, distanceMm) * kHz * 1000) / lightMmPerS)

/** One inventory attempt; null when the tag did not wake up or its answer was lost. */
export function tryRead(distanceMm: number, kHz: number, txDbm: number, rng: Rng): Read | null {
  const arrives = txDbm + antennaGainDb - tagLossDb - oneWayLossDb(distanceMm, kHz)
  const fade = rng.normal() * fadeDb
  const collided = rng.chance(0.15)
  if (collided || arrives + fade < wakeUpDbm) return null
  const back = arrives + fade - 5 - tagLossDb - oneWayLossDb(distanceMm, kHz) + antennaGainDb
  const turns = (2 * distanceMm * kHz * 1000) / lightMmPerS
  const phase = 2 * Math.PI * turns + cableRad + rng.normal() * 0.1
  return {
    rssiDbm: Math.round(back * 2) / 2,
    phaseRad: ((phase % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI),
  }
}

/** China's band in kilohertz. */
export const channelsKHz = channelsMHz.map((mhz) => 1000 * mhz)

/** Share of attempts that succeed at a distance, for tests and for placing antennas. */
export function readShare(distanceMm: number, txDbm: number, rng: Rng, attempts = 2000): number {
  let reads = 0
  for (let i = 0; i < attempts; i++)
    if (tryRead(distanceMm, channelsKHz[i % 16] as number, txDbm, rng)) reads++
  return reads / attempts
}
