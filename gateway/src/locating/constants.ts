/**
 * Every number that the locator believes, each with its physical reason or "fitted on development data".
 * Lengths in mm, phases in rad, frequencies in MHz, levels in dB.
 */
export const locatingConstants = {
  /** Fit of one row from phase and RSSI (`row/`). */
  row: {
    /** Tags are trusted for phase this far along the rail: beyond it the residual grows from 0.5 to 0.8 rad. */
    windowMm: 400,
    /** Rms of the phase residual near the tag is 0.5 to 0.7 rad on development data: the knee of Huber's cost. */
    kneeRad: 0.6,
    /** One bad tag must not choose the depth of the row: its mean cost is cut here. */
    tagCostCap: 1.5,
    /** Antennas of a cart pass 0.4 to 0.9 m from the spines (design); fitted depth comes out up to 0.1 m short. */
    depthFromMm: 350,
    depthToMm: 1150,
    depthStepMm: 50,
    xStepMm: 10,
    /** The residual is correlated along x: one independent look in 10 cm. */
    lookMm: 100,
  },
  /** Poses, passes and the moments between (`track.ts`). */
  track: {
    /** An odometer trembles by a step of its wheel when the cart stands. */
    trembleMm: 30,
    /** A step so long at once is no walking: the odometer was set anew. */
    jumpMm: 300,
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
  /** Cable and reader (`channel-line.ts`). */
  line: {
    /** The phase of one place: 20 mm are 0.5 rad off at most, to either side alike. */
    samePlaceMm: 20,
    leastSteps: 12,
    /** Mean cosine of what is left; 0.5 is a spread of about 1.2 rad, chance gives 0.3 with a dozen steps. */
    leastAgreement: 0.5,
    /** Steps beyond this number only cost time. */
    enoughSteps: 4000,
    /** 0.042 rad/MHz a metre of cable and air: up to some 40 m. */
    fromRadPerMhz: -0.1,
    toRadPerMhz: 1.7,
    stepRadPerMhz: 0.005,
  },
  /** Shelf tags against the odometer (`odometer.ts`). */
  odometer: {
    /** Shelf tags of one upright. */
    knotMm: 150,
    /** Farther from the others of its upright, a shelf tag's place was not found. */
    wildMm: 80,
    /** Multipath that shelf tags of one upright have in common. */
    floorMm: 5,
    /** Odometers err by 1 to 2 % (locating 3). */
    scaleSigma: 0.015,
    /** Slip: 10 mm after a metre. */
    slipMm2PerMm: 0.1,
    /** Nothing is known of the zero. */
    startMm: 10_000,
  },
  /** How loud a tag was (`heard.ts`). */
  heard: {
    /** The lobe of a cart antenna on the shelf (locating 2: 0.9 m). */
    reachMm: 450,
    /** Locating 5: RSSI residuals correlate by .4 to .5 at 10 cm. */
    lookMm: 100,
  },
  /** Boards at one height (`tiers.ts`). */
  tier: {
    sameTierMm: 30,
    /** Antennas pass 0.4 to 0.9 m from the spines (locating 2). */
    nominalDepthMm: 600,
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
    modelDb: 1.5,
    /** Tags differ in strength: thresholds alone by 4 dB (locating 3). */
    strengthDb: 4,
    /** Reads come in bunches. */
    shareConcentration: 12,
    strayConcentration: 1.5,
    /** A tag behind steel or across the aisle is weaker by this much, give or take. */
    strayBelowDb: 10,
    strayDb: 8,
    /** A tag is looked for on boards that begin or end this near to it. */
    besideMm: 150,
    /** Learning and assigning in turn. */
    rounds: 3,
    /** About nine boxes in ten are where the catalogue says; fewer stand on another board. */
    elsewhere: 0.03,
    strayExpected: 0.003,
    strayForeign: 0.4,
    /** x against the slot: spread beyond the fit's own, and how often a box of this shelf stands elsewhere on it. */
    slotMm: 25,
    elsewhereOnShelf: 0.1,
    /** Slots on each side that tell where a slot is. */
    slotNeighbours: 4,
  },
  /** Order on a shelf (`order/`). */
  order: {
    /** Share of boxes out of sequence; a site may know better. */
    moved: 0.03,
    /** Boxes stand tight, to this slack a box; what phases of neighbours have in common drifts along, too. */
    slackMm: 6,
    /** Gaps: how often, and how wide. */
    gap: 0.05,
    gapMm: 80,
    /** How often the fit is wrong altogether, and by how much. */
    wild: 0.01,
    wildMm: 1000,
    /** First box from the end of its board; unknown where the board has no known end. */
    endMm: 60,
    unknownEndMm: 2000,
    /** Archive boxes are 20 to 50 mm thick (DA/T 22-2015). */
    unknownThicknessMm: 35,
    unknownThicknessSigmaMm: 12,
    /** A silent box stands in its slot: dead tags and missed reads are commoner than absence. */
    silent: 0.9,
    /** Next boxes tried, within this of the leftmost that is left. */
    window: 6,
    reachMm: 160,
    beam: 48,
    beamLn: 14,
    /** No two spines stand closer. */
    minGapMm: 15,
    /** Likelihood ratio of “out of sequence”, for one false report in 1,000 boxes. */
    movedRatio: 20,
  },
  /** From computed to printed probability (`confidence.ts`). */
  confidence: {
    /** Not fitted yet: as computed. */
    shelfCurve: [
      [0, 0],
      [1, 1],
    ],
    rankCurve: [
      [0, 0],
      [1, 1],
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
export type ConfidenceConstants = Wide<(typeof locatingConstants)['confidence']>
export type CoverageConstants = Wide<(typeof locatingConstants)['coverage']>
export type LocatingConstants = Wide<typeof locatingConstants>
export type RowConstants = Wide<(typeof locatingConstants)['row']>
