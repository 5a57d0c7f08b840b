import { evidenceConstants, shapeConstants } from './evidence/constants.ts'
import { orderConstants } from './order/constants.ts'
import { rowConstants } from './row/constants.ts'

/**
 * Every number that the locator believes, each with its physical reason or "fitted on development data"; those of
 * `row/`, `evidence/` and `order/` stand in their folders. Lengths in mm, phases in rad, frequencies in MHz, levels in dB.
 */
export const locatingConstants = {
  row: rowConstants,
  /** Poses, passes and the moments between (`track.ts`). */
  track: {
    /** An odometer trembles by a step of its wheel when the cart stands. */
    trembleMm: 30,
    /** A step so long at once is no walking: the odometer was set anew. */
    jumpMm: 200,
    /** Nobody pushes a cart faster. */
    fastestMmPerS: 3000,
    /** “A pause of many seconds” of the contract. */
    pauseUs: 5e6,
    /** Reads may come this long before the first pose or after the last one. */
    slackUs: 100_000,
  },
  /** Bursts (`profiles.ts`). */
  profile: {
    /** Locating 6.1: within 1 cm the phase of one place is one value. */
    burstMm: 10,
  },
  /** Cable and reader (`evidence/lines.ts`). */
  line: {
    /** Steps between places this near, with this much noise and drift of bias: 0.6 rad and 72 mm of `evidence`. */
    nearMm: 80,
    noiseRad: 0.2,
    driftRadPerMm: 0.011,
    wild: 0.1,
    /** Steps beyond this number only cost time. */
    enoughSteps: 3000,
    /** 0.042 rad/MHz a metre of cable: carts have 3 to 13 m of it, cable and reader together. */
    usualRadPerMhz: 0.34,
    usualSigma: 0.1,
    fromRadPerMhz: 0,
    toRadPerMhz: 1,
    stepRadPerMhz: 0.005,
    /** With fewer tags of known place, those that were only heard count too. */
    enoughStanders: 10,
    leastSigma: 0.004,
    /** Worse known than this it is not a calibration: 16 channels span 4 MHz. */
    sureSigma: 0.05,
  },
  /** Shelf tags against the odometer (`odometer.ts`). */
  odometer: {
    /** Offsets that are looked at. */
    reachMm: 160,
    stepMm: 5,
    /** Odometers err by 1 to 2 % (locating 3). */
    scaleSigma: 0.012,
    mostScale: 0.03,
    scaleStep: 0.0025,
    /** The zero is set by hand; clocks that differ add to it. */
    zeroMm: 25,
    /** How often a shelf tag's reads fit at a wrong place only. */
    wild: 0.3,
    /** Slip: 12 mm after a metre and a half; and what the tags of one upright disagree by. */
    slipMm2PerMm: 0.04,
    floorMm: 1,
    slipReachMm: 40,
    startMm: 10,
    leastPlaces: 3,
    /** Shelf tags are glued to steel, beside uprights: it bends their phases so much more than those of boxes. Least
     * error of the track, development scenes. */
    biasShare: 2.5,
    /** Tags in common that tie two passes: enough of them. */
    enoughShared: 80,
  },
  /** How loud a tag was (`heard.ts`). */
  heard: {
    /** The lobe of a cart antenna on the shelf (locating 2: 0.9 m). */
    reachMm: 450,
    /** Locating 5: RSSI residuals correlate by .4 to .5 at 10 cm. */
    lookMm: 100,
    /** More reads of one stretch say nothing new: a cart that rests would outvote all the rest of its walk. */
    mostReads: 4,
  },
  /** Boards at one height (`tiers.ts`). */
  tier: {
    sameTierMm: 30,
    /** Antennas pass 0.4 to 0.9 m from the spines (locating 2). */
    nominalDepthMm: 600,
    /** No antenna touches the spines. */
    nearestMm: 100,
    /** Half-power angle of a patch antenna; only a start, the reads of the walk decide. */
    lobeDegrees: 75,
    lobeFloorDb: 15,
    /** Reads fall off with level as an exponential of so many dB, until the walk tells. */
    shareDb: 8,
    shareFloor: 0.01,
    /** Beliefs below this teach nothing. */
    leastBelief: 0.05,
    mostLooks: 5,
    /** Geometry counts as much as so many looks and reads. */
    priorLooks: 6,
    priorReads: 20,
  },
  /** Which shelf a tag stands on (`which-shelf.ts`, `assign.ts`). */
  shelf: {
    /** RSSI residual of recordings about the path loss: 3.2 to 3.5 dB (locating 5). */
    levelDb: 3.3,
    /** What the tier model leaves open for one antenna. */
    modelDb: 1.8,
    /** Tags differ in strength: thresholds alone by 4 dB (locating 3). */
    strengthDb: 4,
    /** Reads come in bunches. */
    shareConcentration: 12,
    strayConcentration: 1.5,
    /** A tag behind steel or across the aisle is weaker by this much, give or take. */
    strayBelowDb: 10,
    strayDb: 8,
    /** And by all antennas together, which is more than each of them says (development: unknown tags, by how much
     * weaker they were than is usual on their likeliest board). */
    strayLnPerDb: 0.5,
    strayLn: -1,
    /** A tag is looked for on boards that begin or end this near to the middle of its reads. */
    besideMm: 500,
    /** What steel does differs from tag to tag: how well phases fit one tier or another counts so much (development). */
    phaseTrust: 0.3,
    /** What antennas together say, of boards and of strays (development). */
    betweenTrust: 1.4,
    /** Tiers that fall behind the best by more, in levels alone, are out of question. */
    openLn: 6,
    /** Learning and assigning in turn, until no level moves by more. */
    rounds: 12,
    settledDb: 0.02,
    /** About nine boxes in ten are where the catalogue says; fewer stand on another board. */
    elsewhere: 0.003,
    strayExpected: 0.0005,
    /** How often a box that stands in its place is heard as a stray is: pushed back, behind steel. */
    oddAtHome: 0.02,
    /** Room speaks too loudly for another board of weak tags, whose reads come from reflections (development). */
    awayLnPerDb: 0.5,
    strayForeign: 0.8,
    /** The more boxes of a face are on other boards, the more of the unknown tags stand on it: their odds grow by this
     * power (development). */
    foreignPower: 0.75,
    /** Most strays stand on the face behind, so far beyond: shelves are as deep as boxes, and bear two rows. */
    behindMm: 600,
    /** Without a catalogue every tag is unknown, and most stand where they are read. */
    strayUncatalogued: 0.02,
    /** Neighbours are asked of a tag where another board is not behind by more. */
    askLn: 6,
    /** What they say counts so much (development). */
    goingTrust: 1.5,
    /** No place makes up for levels that fall behind by more. */
    hopelessLn: 25,
    /** A tag on none of these shelves may be heard anywhere along so much of the rail. */
    anywhereMm: 900,
  },
  evidence: evidenceConstants,
  shape: shapeConstants,
  order: orderConstants,
  /** From computed to printed probability (`confidence.ts`). */
  confidence: {
    /** Odds are surer than what happens (development). */
    sharpness: 0.36,
    /** Boxes on other boards and strays not found out shift ranks: so much of ln odds for every box to the left and the
     * share of boxes found out. */
    unseen: 15,
    /** Every answer is wrong oftener on a walk that leaves more of its boxes in doubt than is usual. This and `unseen`:
     * least calibration error of the worst of four kinds of development walks; for the greatest likelihood of what
     * happened it would be half as much of both (0.2750 nats an answer for 0.2807). */
    doubtPower: 0.9,
    usualDoubt: 0.05,
    leastDoubt: 0.001,
    /** From computed ln odds to the probability of being misplaced, by the same fit: `odds` of each nat, `evenBelow` more of
     * those below even odds; what other boards, boxes astray and boxes unsettled add. */
    misplaced: {
      ln: -0.3339,
      odds: 0.3204,
      evenBelow: 0.2896,
      otherBoard: 0.5565,
      astray: 0.5891,
      unsettled: -0.5082,
      /** Nothing is surer to be in its slot. */
      leastLn: -8,
      /** Shares of boxes are set beside the usual one; below the least, walks are alike. */
      usualShare: 0.003,
      leastShare: 1e-4,
      /** Told from here on: one false report in 1,000 boxes (development). */
      told: 0.85,
    },
    /**
     * Fitted on development data by `site/bench/locating/fit-confidence.ts` (480 walks `fit-0` to `fit-479`, 99,052
     * answers, half with a catalogue right for nine boxes of ten, half in rooms drawn 1.4 times as wide): share
     * of answers that were right, by computed probability.
     */
    shelfCurve: [
      [0, 0],
      [0.8225, 0.7584],
      [0.9952, 0.9752],
      [0.9991, 0.9938],
      [0.9998, 0.9974],
      [0.9999, 0.9977],
      [1, 0.9981],
    ],
    rankCurve: [
      [0, 0],
      [0.1066, 0.46],
      [0.1963, 0.5065],
      [0.2609, 0.6052],
      [0.3207, 0.6304],
      [0.3653, 0.644],
      [0.4256, 0.6902],
      [0.4903, 0.7323],
      [0.5351, 0.746],
      [0.578, 0.7626],
      [0.6204, 0.7997],
      [0.6615, 0.8293],
      [0.698, 0.8425],
      [0.7377, 0.8704],
      [0.7823, 0.8875],
      [0.8139, 0.9001],
      [0.8438, 0.9182],
      [0.8689, 0.9273],
      [0.8837, 0.9309],
      [0.9016, 0.9389],
      [0.9161, 0.9408],
      [0.9241, 0.9454],
      [0.9403, 0.9534],
      [0.9553, 0.9576],
      [0.961, 0.965],
      [0.9737, 0.9665],
      [0.9904, 0.9783],
      [0.9969, 0.9813],
      [0.9984, 0.9901],
      [0.9991, 0.9923],
      [0.9997, 0.996],
      [1, 0.9972],
    ],
  },
  /** The proof of a slot (`coverage.ts`). */
  coverage: {
    /** Locating 7 (a): the track spans the slot by this much, below the speed limit. */
    trackMm: 400,
    fastestMmPerS: 700,
    speedWindowUs: 400_000,
    /** Locating 7 (b). */
    leastReferenceReads: 3,
    /** Locating 7 (c). */
    neighbourMm: 500,
    leastNeighbours: 3,
    silentAtMost: 1e-3,
    deadShare: 0.03,
    rateRounds: 4,
    /** Reads of tags that stand alike vary by a third: k near 9 (13 reads, p5 to p95 8 to 18). */
    priorDispersion: 8,
    priorNeighbours: 6,
    mostDispersion: 60,
  },
} as const

/** Any number in the place of each: tests and the fitting of constants try others. */
type Wide<T> = T extends number
  ? number
  : T extends readonly number[]
    ? readonly number[]
    : T extends readonly (readonly [number, number])[]
      ? readonly (readonly [number, number])[]
      : { readonly [K in keyof T]: Wide<T[K]> }

export type TrackConstants = Wide<(typeof locatingConstants)['track']>
export type ProfileConstants = Wide<(typeof locatingConstants)['profile']>
export type LineConstants = Wide<(typeof locatingConstants)['line']>
export type OdometerConstants = Wide<(typeof locatingConstants)['odometer']>
export type HeardConstants = Wide<(typeof locatingConstants)['heard']>
export type TierConstants = Wide<(typeof locatingConstants)['tier']>
export type ShelfConstants = Wide<(typeof locatingConstants)['shelf']>
export type OrderConstants = Wide<(typeof locatingConstants)['order']>
export type EvidenceConstants = Wide<(typeof locatingConstants)['evidence']>
export type BetweenConstants = EvidenceConstants['between']
export type UnrestConstants = EvidenceConstants['unrest']
export type ShapeConstants = Wide<(typeof locatingConstants)['shape']>
export type ConfidenceConstants = Wide<(typeof locatingConstants)['confidence']>
export type CoverageConstants = Wide<(typeof locatingConstants)['coverage']>
export type LocatingConstants = Wide<typeof locatingConstants>
export type RowConstants = Wide<(typeof locatingConstants)['row']>
