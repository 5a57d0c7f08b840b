/** Reads of a walk as the peers need them: for every tag and antenna a list of samples along the rail (locating 6.1). */
import type { Pose, WalkRead, WalkScene } from '@lantai/contracts'
import { sameEpc } from '../case.ts'

/** One read, or several of one place merged. Lengths in metres, phase in radians without the line of the channel. */
export interface Sample {
  x: number
  phase: number
  rssi: number
  /** 4πf/c, radians for each metre of distance. */
  k: number
  mhz: number
  /** Reads that were merged into it. */
  reads: number
}

/** Of one tag at one antenna, all passes together, ordered by x. */
export interface Track {
  antenna: number
  /** Metres from the floor. */
  height: number
  /** What the antenna stands nearer to the shelf than the rail, metres. */
  towards: number
  samples: Sample[]
}

export interface Profile {
  epc: string
  tracks: Track[]
}

const speedOfLight = 299_792_458
export const waveNumber = (mhz: number): number => (4 * Math.PI * mhz * 1e6) / speedOfLight

/** Where the cart was, in millimetres: straight lines between poses; null outside of them. Poses are in time order. */
export function poseAt(poses: readonly Pose[], at: number): number | null {
  let low = 0
  let high = poses.length - 1
  const first = poses[low]
  const last = poses[high]
  if (!first || !last || at < first.at || at > last.at) return null
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((poses[middle] as Pose).at <= at) low = middle
    else high = middle
  }
  const a = poses[low] as Pose
  const b = poses[high] as Pose
  return b.at === a.at ? b.xMm : a.xMm + ((at - a.at) / (b.at - a.at)) * (b.xMm - a.xMm)
}

const middleMHz = 922.5

/** Profiles of all tags. `lineOf` is the phase for each megahertz of an antenna; reads without a phase have NaN. */
export function profilesOf(
  scene: WalkScene,
  reads: readonly WalkRead[],
  lineOf: (antenna: number) => number,
): Map<string, Profile> {
  const antennas = new Map(scene.antennas.map((a) => [a.antenna, a.offsetMm]))
  const poses = [...scene.poses].sort((a, b) => a.at - b.at)
  const profiles = new Map<string, Profile>()
  for (const read of reads) {
    const offset = antennas.get(read.antenna)
    const cart = poseAt(poses, read.at)
    if (!offset || cart === null) continue
    const line = lineOf(read.antenna) * (read.channelMHz - middleMHz)
    const sample: Sample = {
      x: (cart + offset[0]) / 1000,
      phase: (read.phaseRad ?? Number.NaN) - line,
      rssi: read.rssiDbm,
      k: waveNumber(read.channelMHz),
      mhz: read.channelMHz,
      reads: 1,
    }
    const key = sameEpc(read.epc)
    const profile = profiles.get(key) ?? { epc: read.epc, tracks: [] }
    profiles.set(key, profile)
    trackOf(profile, read.antenna, offset).samples.push(sample)
  }
  for (const { tracks } of profiles.values())
    for (const track of tracks) track.samples.sort((a, b) => a.x - b.x)
  return profiles
}

function trackOf(profile: Profile, antenna: number, offset: readonly number[]): Track {
  const [, up = 0, towards = 0] = offset
  const known = profile.tracks.find((t) => t.antenna === antenna)
  if (known) return known
  const track = { antenna, height: up / 1000, towards: towards / 1000, samples: [] }
  profile.tracks.push(track)
  return track
}

/** Phases that follow each other by less than half a turn. */
export function unwrap(phases: readonly number[]): number[] {
  let before = phases[0] ?? 0
  return phases.map((phase) => {
    before += wrap(phase - before)
    return before
  })
}

/** Radians from −π to π. */
export const wrap = (rad: number): number => rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI))

/** Samples closer than `metres` to the first of their group become one: circular mean of phase, mean of the rest. */
export function merged(samples: readonly Sample[], metres: number): Sample[] {
  const groups: Sample[][] = []
  for (const s of samples) {
    const group = groups.at(-1)
    if (group?.[0] && s.x - group[0].x < metres) group.push(s)
    else groups.push([s])
  }
  return groups.map(meanOf)
}

function meanOf(group: readonly Sample[]): Sample {
  const mean = (of: (s: Sample) => number) => group.reduce((a, s) => a + of(s), 0) / group.length
  return {
    x: mean((s) => s.x),
    phase: Math.atan2(
      mean((s) => Math.sin(s.phase)),
      mean((s) => Math.cos(s.phase)),
    ),
    rssi: mean((s) => s.rssi),
    k: mean((s) => s.k),
    mhz: mean((s) => s.mhz),
    reads: group.reduce((a, s) => a + s.reads, 0),
  }
}

/** The track that heard the tag best: peers of one antenna get that one. */
export const loudest = ({ tracks }: Profile): Track | undefined =>
  tracks.reduce<Track | undefined>(
    (best, t) => (best && energy(best) >= energy(t) ? best : t),
    undefined,
  )

const energy = ({ samples }: Track) => samples.reduce((sum, s) => sum + 10 ** (s.rssi / 10), 0)
