/**
 * Phase that cable and reader add per megahertz: one straight line for each antenna (locating 5, lesson 4). Found from
 * tags that were read on two channels at nearly one place, by the slope at which most differences agree.
 */
import type { WalkRead, WalkScene } from '@lantai/contracts'
import { poseAt } from './profile.ts'

interface Step {
  mhz: number
  phase: number
}

/** Places that count as one: the distance changes by less than this, so its phase by at most 0.4 rad. */
const nearMm = 10
const steepest = 1.5
const step = 0.005

/** Radians per megahertz of one antenna; 0 where nothing was read on two channels. */
export function lineOf(scene: WalkScene, reads: readonly WalkRead[], antenna: number): number {
  const steps = stepsOf(scene, reads, antenna)
  let best = 0
  let most = 0
  for (let slope = 0; slope <= steepest; slope += step) {
    const agree = agreementAt(steps, slope)
    if (agree > most) {
      most = agree
      best = slope
    }
  }
  return best
}

function agreementAt(steps: readonly Step[], slope: number): number {
  let re = 0
  let im = 0
  for (const { mhz, phase } of steps) {
    re += Math.cos(phase - slope * mhz)
    im += Math.sin(phase - slope * mhz)
  }
  return Math.hypot(re, im)
}

function stepsOf(scene: WalkScene, reads: readonly WalkRead[], antenna: number): Step[] {
  const last = new Map<string, { xMm: number; mhz: number; phase: number }[]>()
  const out: Step[] = []
  for (const read of reads) {
    const xMm = read.antenna === antenna && poseAt(scene.poses, read.at)
    if (xMm === false || xMm === null || read.phaseRad === null) continue
    const here = { xMm, mhz: read.channelMHz, phase: read.phaseRad }
    const before = (last.get(read.epc) ?? []).filter((b) => Math.abs(b.xMm - xMm) < nearMm)
    for (const b of before)
      if (b.mhz !== here.mhz) out.push({ mhz: here.mhz - b.mhz, phase: here.phase - b.phase })
    last.set(read.epc, [...before, here])
  }
  return out
}
