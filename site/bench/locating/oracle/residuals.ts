/**
 * What is left of the phase when the truth is taken out of it: place of the tag, depth, cable, and one offset for each
 * tag and antenna (locating 5). What is left is multipath, smooth along the rail; it bounds every method that knows
 * how large and how smooth it is, and not its shape.
 */
import { merged, type Profile, wrap } from '../methods/profile.ts'

/** One tag of known place. Metres. */
export interface KnownTag {
  profile: Profile
  x: number
  /** Height above the floor, and from the rail. */
  height: number
  depth: number
}

export interface Residual {
  /** Of the antenna, metres along the rail. */
  x: number
  value: number
}

/** Of one tag at one antenna, within the window. */
export interface ResidualTrack {
  antenna: number
  tagX: number
  /** Distance of tag and rail of the antenna, metres. */
  across: number
  residuals: Residual[]
  k: number
}

/** Reads further than this along the rail add noise and little else. */
export const windowMetres = 0.4
const middleMHz = 922.5

export const acrossOf = (tag: KnownTag, track: Profile['tracks'][number]): number =>
  Math.hypot(tag.depth - track.towards, tag.height - track.height)

interface Sum {
  re: number
  im: number
  n: number
}

const addTo = (sum: Sum, angle: number) => {
  sum.re += Math.cos(angle)
  sum.im += Math.sin(angle)
  sum.n++
}

/** Radians per megahertz of an antenna: the slope at which tags of known place agree best with themselves. */
export function trueLine(tags: readonly KnownTag[], antenna: number): number {
  let best = 0
  let most = -1
  for (let line = -0.1; line < 1.7; line += 0.01) {
    const value = agreement(tags, antenna, line)
    if (value > most) [best, most] = [line, value]
  }
  return best
}

function agreement(tags: readonly KnownTag[], antenna: number, line: number): number {
  let total = 0
  for (const tag of tags)
    for (const track of tag.profile.tracks) {
      if (track.antenna !== antenna) continue
      const sum: Sum = { re: 0, im: 0, n: 0 }
      for (const s of track.samples)
        if (Math.abs(s.x - tag.x) < windowMetres / 2)
          addTo(
            sum,
            s.phase -
              line * (s.mhz - middleMHz) -
              s.k * Math.hypot(s.x - tag.x, acrossOf(tag, track)),
          )
      total += Math.hypot(sum.re, sum.im)
    }
  return total
}

/** Residuals of a tag; `lineOf` is taken out of the phases, which still hold it. */
export function residualsOf(tag: KnownTag, lineOf: (antenna: number) => number): ResidualTrack[] {
  return tag.profile.tracks.flatMap((track) => {
    const across = acrossOf(tag, track)
    const line = lineOf(track.antenna)
    const free = track.samples.map((s) => ({ ...s, phase: s.phase - line * (s.mhz - middleMHz) }))
    const near = merged(free, 0.01).filter(
      (s) => Math.abs(s.x - tag.x) <= windowMetres && !Number.isNaN(s.phase),
    )
    if (near.length < 2) return []
    const raw = near.map((s) => s.phase - s.k * Math.hypot(s.x - tag.x, across))
    const sum: Sum = { re: 0, im: 0, n: 0 }
    for (const angle of raw) addTo(sum, angle)
    const offset = Math.atan2(sum.im, sum.re)
    const residuals = near.map((s, i) => ({ x: s.x, value: wrap((raw[i] as number) - offset) }))
    const k = near[0]?.k as number
    return [{ antenna: track.antenna, tagX: tag.x, across, residuals, k }]
  })
}
