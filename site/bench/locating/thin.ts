/**
 * From a recording, where the antenna stood still 50 times and read everything, to what a cart hears in passing: the
 * recipe of the recordings' README, "Walkthrough density". And the recording as it is, one read for a cell.
 */
import type { Pose, WalkRead, WalkScene } from '@lantai/contracts'
import type { LocatingCase } from './case.ts'
import { gaussian, type Random, seeded, shuffled } from './prng.ts'
import { type Cell, channelMHz, fileStem, type Recording, recordedShelf } from './recordings.ts'

export interface Thinning {
  seed: number
  passes: number
  /** How long one channel is kept: 0.2 s, or 2 s for one or two channels a pass. */
  dwellSeconds: number
  /** A person or a trolley in the way: no reads for 10 cm after every 60 cm, on average. */
  bursts: boolean
  /** Radians added to every read beyond what was recorded. */
  extraPhaseNoise: number
}

export const plainWalk: Omit<Thinning, 'seed'> = {
  passes: 1,
  dwellSeconds: 0.2,
  bursts: false,
  extraPhaseNoise: 0,
}

export const readsPerTag = 13
const channels = 8
/** Relative standard deviation of what the odometer says, once a pass. */
const odometerSigma = 0.015
const phaseStep = (2 * Math.PI) / 4096
const turn = 2 * Math.PI
const pauseSeconds = 10

/** Radians from 0 to below 2π. */
const wrapped = (rad: number) => ((rad % turn) + turn) % turn

/** The last stop lasts long enough for its reads. */
function ended(poses: readonly Pose[]): Pose[] {
  const last = poses.at(-1)
  return last ? [...poses, { at: last.at + 1000, xMm: last.xMm }] : []
}

/** The antenna is the point whose x the poses give, and the one board is level with it at an unknown distance. */
export const rowScene = (poses: Pose[]): WalkScene => ({
  poses,
  antennas: [{ antenna: 1, offsetMm: [0, 0, 0] }],
  shelves: [{ shelf: recordedShelf, heightMm: 0, depthMm: null, fromMm: null, toMm: null }],
  expected: null,
  references: [],
})

const scoring = ({ truth }: Recording) => ({ truth, ranks: 'scored', freeOffset: true }) as const

type Grid = ReadonlyMap<string, Cell>
const keyOf = (epc: string, channel: number, aperture: number) => `${epc}|${channel}|${aperture}`
const gridOf = ({ cells }: Recording): Grid =>
  new Map(cells.map((c) => [keyOf(c.epc, c.channel, c.aperture), c]))

/** Seconds at every stop: 0.5 m/s within a fifth, wandering. */
function clockOf(random: Random, { apertureMm }: Recording): number[] {
  let wander = 0
  let at = random() * 10
  return apertureMm.map(() => {
    wander = 0.9 * wander + 0.1 * gaussian(random)
    const speed = 0.5 * Math.min(1.2, Math.max(0.8, 1 + wander))
    at += 0.02 / speed
    return at
  })
}

/** Channel at every time: random permutations one after the other. Times never go back. */
function hopping(random: Random, times: readonly number[], dwell: number): number[] {
  const order: number[] = []
  return times.map((at) => {
    const slot = Math.floor(at / dwell)
    while (order.length <= slot) order.push(...shuffled(random, [...Array(channels).keys()]))
    return order[slot] as number
  })
}

/** Which stops can be heard: a chain of good runs of 60 cm and bad runs of 10 cm in the mean. */
function heardStops(random: Random, { apertureMm }: Recording, bursts: boolean): boolean[] {
  const step = 20
  let good = random() < 60 / 70
  return apertureMm.map(() => {
    if (random() < step / (good ? 600 : 100)) good = !good
    return good || !bursts
  })
}

const weightOf = (cell: Cell | undefined) => (cell ? 1 / (1 + Math.exp(-(cell.rssi + 62) / 3)) : 0)

/** How often a cell of weight 1 is read, so that the scored tags have 13 reads in the mean. */
function scaleOf({ truth }: Recording, grid: Grid, hop: readonly number[]): number {
  const scored = truth.filter((t) => t.scored)
  const weight = scored.map(({ epc }) =>
    hop.reduce(
      (sum, channel, aperture) => sum + weightOf(grid.get(keyOf(epc, channel, aperture))),
      0,
    ),
  )
  return (readsPerTag * scored.length) / weight.reduce((a, b) => a + b, 0)
}

/** Integer part, and one draw for the rest. */
const times = (random: Random, expected: number) =>
  Math.floor(expected) + (random() < expected % 1 ? 1 : 0)

function readOf(random: Random, cell: Cell, at: number, extraNoise: number): WalkRead {
  const spread = Math.hypot(Math.sqrt(-2 * Math.log(Math.min(1, cell.resultant))), extraNoise)
  const phase = cell.phase + spread * gaussian(random)
  return {
    at,
    epc: cell.epc,
    antenna: 1,
    channelMHz: channelMHz(cell.channel),
    phaseRad: wrapped(Math.round(phase / phaseStep) * phaseStep),
    rssiDbm: Math.round(2 * (cell.rssi + 0.5 * gaussian(random))) / 2,
  }
}

interface Walk {
  poses: Pose[]
  reads: WalkRead[]
}

function passOf(
  recording: Recording,
  grid: Grid,
  how: Thinning,
  pass: number,
  start: number,
): Walk {
  const { set, run, truth, apertureMm } = recording
  const random = seeded(`${how.seed}/${fileStem(set)}/${run}/${pass}`)
  const clock = clockOf(random, recording)
  const hop = hopping(random, clock, how.dwellSeconds)
  const heard = heardStops(random, recording, how.bursts)
  const stretch = 1 + odometerSigma * gaussian(random)
  const scale = scaleOf(recording, grid, hop)
  const micros = clock.map((at) => Math.round(1e6 * (start + at - (clock[0] as number))))
  const poses = apertureMm.map((x, aperture) => ({
    at: micros[aperture] as number,
    xMm: x * stretch,
  }))
  const reads: WalkRead[] = []
  for (const [aperture, channel] of hop.entries()) {
    let at = micros[aperture] as number
    for (const { epc } of truth) {
      const cell = grid.get(keyOf(epc, channel, aperture))
      if (!cell || !heard[aperture]) continue
      for (let i = times(random, scale * weightOf(cell)); i > 0; i--)
        reads.push(readOf(random, cell, at++, how.extraPhaseNoise))
    }
  }
  return { poses: ended(poses), reads }
}

/** One or more passes over one recording at the density of a walk; the odometer of each is wrong in its own way. */
export function thinned(
  recording: Recording,
  how: Thinning,
  lineRadPerMHz: number | null = null,
): LocatingCase {
  const grid = gridOf(recording)
  const walks: Walk[] = []
  for (let pass = 0; pass < how.passes; pass++) {
    const before = walks.at(-1)?.poses.at(-1)?.at
    const start = before === undefined ? 0 : before / 1e6 + pauseSeconds
    walks.push(passOf(recording, grid, how, pass, start))
  }
  return {
    name: `${recording.set} ${recording.run} seed ${how.seed}`,
    scene: rowScene(walks.flatMap((w) => w.poses)),
    reads: walks.flatMap((w) => w.reads),
    ...scoring(recording),
    lineRadPerMHz,
  }
}

/** The recording as it is: one read for every cell, at a walk of 0.5 m/s with a faultless odometer. */
export function fullDensity(
  recording: Recording,
  lineRadPerMHz: number | null = null,
): LocatingCase {
  const stopMicros = 40_000
  const poses = recording.apertureMm.map((xMm, i) => ({ at: i * stopMicros, xMm }))
  const reads = recording.cells.map((cell) => ({
    at: cell.aperture * stopMicros + cell.channel,
    epc: cell.epc,
    antenna: 1,
    channelMHz: channelMHz(cell.channel),
    phaseRad: wrapped(cell.phase),
    rssiDbm: cell.rssi,
  }))
  const name = `${recording.set} ${recording.run}`
  const byTime = reads.sort((a, b) => a.at - b.at)
  return {
    name,
    scene: rowScene(ended(poses)),
    reads: byTime,
    ...scoring(recording),
    lineRadPerMHz,
  }
}
