/**
 * Ranges to develop on and ranges to be judged by (locating 11). They overlap and differ; nothing in either is a value
 * of the locator. `hard` has a catalogue that is right for nine boxes of ten, the others for 98 to 99.5 %; `wide` shows
 * what becomes of constants in rooms that they were not fitted to.
 */
import type { Range } from './range.ts'
import type { RowRanges } from './row.ts'
import type { WalkRanges } from './walk.ts'

const development: WalkRanges = {
  face: {
    sections: [2, 3],
    boards: [5, 6],
    sectionMm: [850, 1000],
    pitchMm: [345, 385],
    firstMm: [80, 140],
    fill: [0.6, 0.95],
    thickness: [
      [0, 1],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 0.8],
    ],
    spineTagMm: [60, 140],
  },
  standing: {
    depthMm: [480, 760],
    bulgeMm: [0.3, 1.2],
    gapMm: [0, 3],
    holes: [0, 0.04],
    holeMm: [10, 120],
    glueMm: [1, 3],
    flushMm: [2, 8],
    pushedBack: [0, 0.04],
    pushedBackMm: [50, 150],
    upsideDown: [0, 0.03],
  },
  misplacing: {
    swapped: [0.002, 0.008],
    movedOnShelf: [0.001, 0.004],
    movedShelf: [0.001, 0.004],
    foreign: [0.002, 0.006],
    removed: [0, 0.005],
  },
  population: {
    lossDb: [6, 11],
    thresholdDbm: [-22, -18],
    dead: [0.01, 0.03],
    weak: [0.01, 0.04],
    weakDb: [2, 5],
    hidden: [0.01, 0.05],
    hiddenDb: [8, 25],
    doubled: [0, 0.005],
    strays: [0.02, 0.05],
    removedNearby: [0, 0.3],
    referencesDead: [0, 0.04],
    referenceMm: [0.5, 2],
  },
  steel: {
    panel: [0.2, 0.6],
    upright: [0.2, 0.4],
    board: [0.1, 0.3],
    floor: [0.2, 0.5],
    opposite: [0.2, 0.6],
    panelMm: [230, 320],
    oppositeMm: [250, 600],
    coupling: [0.06, 0.3],
  },
  clutter: { nearDb: [-18, -11], aisleDb: [-7.5, -4], roomDb: [-12, -7] },
  antennas: {
    count: [3, 6],
    gainDbi: [5, 8.5],
    beamWidthDeg: [58, 75],
    backDb: [-22, -13],
    cableMm: [5000, 11_000],
    marginDb: [7, 13],
    phaseCentreMm: [0, 80],
    mountMm: [2, 15],
  },
  link: {
    phaseNoiseRad: [0.015, 0.1],
    rssiNoiseDb: [0.2, 0.6],
    modulationLossDb: [5, 8],
    limiterDb: [2, 8],
    sensitivityDbm: [-84, -78],
  },
  gen2: {
    emptyUs: [150, 300],
    collisionUs: [350, 450],
    successUs: [1500, 2500],
    queryUs: [500, 1500],
    c: [0.1, 0.5],
    capture: [0.2, 0.4],
  },
  surveyMm: [1, 6],
  depthUnknown: [0, 0.2],
  runOutMm: [450, 900],
  passes: [1, 1],
  pauseS: [8, 30],
  walksBack: [0, 1],
  motion: {
    speedMPerS: [0.15, 0.5],
    odometerScale: [0.005, 0.02],
    slipsPerM: [0, 0.4],
    slipMm: [-12, 12],
    zeroMm: [2, 25],
    wanderMm: [0, 8],
  },
  clocks: { offsetMs: [0, 25], driftPpm: [0, 60] },
  shadow: { freeMm: [1500, 8000], hiddenMm: [30, 120], lossDb: [6, 20] },
  secondReader: [0, 1],
  keepsFlags: [0, 0.6],
  antennaDwellMs: [40, 250],
  channelDwellMs: [150, 2000],
}

const test: WalkRanges = {
  ...development,
  face: {
    ...development.face,
    sections: [2, 4],
    boards: [5, 7],
    pitchMm: [330, 400],
    fill: [0.5, 0.95],
  },
  standing: {
    ...development.standing,
    depthMm: [400, 860],
    flushMm: [1, 12],
    pushedBack: [0, 0.06],
    upsideDown: [0, 0.05],
  },
  misplacing: {
    swapped: [0.002, 0.01],
    movedOnShelf: [0.001, 0.006],
    movedShelf: [0.001, 0.006],
    foreign: [0.002, 0.008],
    removed: [0, 0.005],
  },
  population: {
    ...development.population,
    lossDb: [5, 12],
    dead: [0.02, 0.04],
    hidden: [0.05, 0.1],
    strays: [0.03, 0.05],
  },
  steel: { ...development.steel, coupling: [0.05, 0.35], upright: [0.2, 0.6] },
  clutter: { nearDb: [-20, -10], aisleDb: [-9, -4], roomDb: [-13, -6] },
  antennas: { ...development.antennas, beamWidthDeg: [52, 80], marginDb: [6, 14] },
  motion: { ...development.motion, speedMPerS: [0.1, 0.6], slipsPerM: [0, 0.8] },
  clocks: { offsetMs: [0, 40], driftPpm: [0, 100] },
}

const wideBy = 1.4
/** About its middle; a share stays one, and what is above nothing stays above six tenths of what it was. */
function wide([low, high]: Range): Range {
  const middle = (low + high) / 2
  const half = ((high - low) / 2) * wideBy
  const least = low >= 0 ? 0.6 * low : Number.NEGATIVE_INFINITY
  const most = low >= 0 && high <= 1 ? 1 : Number.POSITIVE_INFINITY
  return [Math.max(least, middle - half), Math.min(most, middle + half)]
}
const wider = <T extends Readonly<Record<keyof T, Range>>>(group: T): T =>
  Object.fromEntries(Object.entries<Range>(group).map(([name, r]) => [name, wide(r)])) as T

/**
 * Rooms, carts and tags unlike those that constants were fitted to; faces and what is misplaced on them as there, and no
 * reader rests longer on a channel than it may.
 */
const widened = (r: WalkRanges): WalkRanges => ({
  ...r,
  standing: wider(r.standing),
  population: wider(r.population),
  steel: wider(r.steel),
  clutter: wider(r.clutter),
  antennas: { ...wider(r.antennas), count: r.antennas.count },
  link: wider(r.link),
  gen2: wider(r.gen2),
  motion: wider(r.motion),
  clocks: wider(r.clocks),
  shadow: wider(r.shadow),
  surveyMm: wide(r.surveyMm),
  depthUnknown: wide(r.depthUnknown),
  runOutMm: wide(r.runOutMm),
  pauseS: wide(r.pauseS),
  secondReader: wide(r.secondReader),
  keepsFlags: wide(r.keepsFlags),
  antennaDwellMs: wide(r.antennaDwellMs),
})

/** Nine boxes of ten where the catalogue says. */
const hard: WalkRanges['misplacing'] = {
  swapped: [0.03, 0.05],
  movedOnShelf: [0.015, 0.025],
  movedShelf: [0.015, 0.025],
  foreign: [0.008, 0.015],
  removed: [0.005, 0.015],
}

export const walkRanges = {
  development,
  'development-hard': { ...development, misplacing: hard },
  'development-wide': widened(development),
  test,
  'test-hard': { ...test, misplacing: hard },
} as const satisfies Record<string, WalkRanges>

/** A laboratory with one antenna on a rail, as in the recordings of locating 5, whose residual table it was fitted to. */
const quiet: RowRanges = {
  tags: { lossDb: [3, 7], thresholdDbm: [-21, -18] },
  glueMm: [2, 6],
  heightMm: [700, 1200],
  floor: [0.06, 0.14],
  wall: [0.06, 0.16],
  wallMm: [400, 2500],
  coupling: [0.03, 0.08],
  sidesDb: [-6, -4],
  louderSideDb: [0, 4],
  roomDb: [-11, -9.5],
  gainDbi: [7, 9],
  beamWidthDeg: [77, 89],
  backDb: [-20, -14],
  cableMm: [7000, 8500],
  txDbm: [27, 31],
  phaseCentreMm: [0, 100],
  link: {
    phaseNoiseRad: [0.014, 0.024],
    rssiNoiseDb: [0.2, 0.5],
    modulationLossDb: [5, 8],
    limiterDb: [3, 7],
    sensitivityDbm: [-84, -78],
  },
}

/** Two rooms: the second scatters a little more, and its tags were placed less exactly. */
export const laboratories = {
  quiet,
  lively: { ...quiet, sidesDb: [-5.1, -3.7], glueMm: [15, 25] },
} as const satisfies Record<string, RowRanges>
