/**
 * Every number that the locator believes, each with its physical reason or "fitted on development data".
 * Lengths in mm, phases in rad, frequencies in MHz, levels in dB.
 */
export const locatingConstants = {
  /** Fit of one row from phase and RSSI (`row/`). "Fitted" is: on the recordings D2 and D3, truth known. */
  row: {
    /** Samples so near each other see one and the same field: its residual is correlated by .9. */
    mergeMm: 30,
    /** What coupling leaves unexplained of a tag's field, relative to the field in front of it. Fitted: 0.12 to 0.28. */
    residual: 0.2,
    /** It is smooth along x: correlation .94 at 2 cm, .8 at 4, .25 at 10. Fitted. */
    lookMm: 60,
    /** Part of its variance that is not smooth (reader, quantisation, places of the odometer). */
    residualWhite: 0.06,
    /** Amplitude (a way once) is left unexplained by half as much as phase (there and back), less the RSSI's own 0.5 dB. */
    amplitudeTrust: 1.5,
    /** What a tag radiates again of what it receives, as 3/2 for a short dipole that is not loaded, half of that where
     * the load is matched (antenna theory); labels are longer and not quite in tune. Fitted: 0.6 to 1.2, 10° to 50°. */
    answer: [0.8, 0.36],
    answerSigma: 0.2,
    answerSpread: 0.25,
    /** Of a field so near zero no more phase is believed. */
    leastField: 0.1,
    /** Coupling falls to 0.1 over half a metre: the nearest tags are enough. */
    clusterTags: 12,
    /** Antennas of a cart pass 0.4 to 0.9 m from the spines (design). */
    usualDepthMm: 630,
    usualDepthSigmaMm: 120,
    /** Boxes are pushed back by 5 to 15 cm, all of a shelf seldom. */
    depthSigmaMm: 50,
    depthFromMm: 300,
    depthToMm: 1200,
    /** Starts of the search, and about a known depth. */
    startDepthsMm: [450, 550, 650, 750, 850],
    startsAboutMm: [-40, 40],
    /** First scan without coupling: phases are trusted so far from the loudest place, and cost as Huber says. */
    windowMm: 400,
    kneeRad: 0.6,
    tagCostCap: 1.5,
    /** A tenth of a turn of phase at the edge of the window. */
    xStepMm: 10,
    startShares: [1, 0.6],
    startGapMm: 25,
    /** How hard the least gap is: a box leans, a label is not in the middle. */
    gapSigmaMm: 4,
    /** Search: a tag may be a turn of phase off its first place, some 20 cm. */
    walkMm: 200,
    walkStepMm: 10,
    sweeps: 6,
    looks: 8,
    lostUsual: 0.1,
    keptStarts: 10,
    improvedStarts: 1,
    firstSteps: 25,
    rounds: 12,
    jumpSteps: 12,
    jumpMm: 20,
    jumpsPerTag: 4,
    depthShares: [0.7, 0.85, 1.15],
    steps: 40,
    strideMm: 40,
    /** Times the square of the tags: so many descents from moves at most, so that 20 tags take seconds. */
    descents: 24_000,
    /** Fits within so much of the least cost, and so many, are weighed against each other. */
    rivalCost: 40,
    rivals: 12,
    /** Costs count so many times less there: the model errs by twice what `residual` says. Fitted, thinned reads. */
    temper: 4,
    /** Rows longer than this get one start and few steps, so that a face takes no longer than its reads. */
    searchTags: 24,
    long: { startShares: [1], keptStarts: 1, sweeps: 0, steps: 6, clusterTags: 8 },
    /** Pairs are told within the reach of coupling. */
    pairMm: 250,
    /** Honest sigmas: fitted so that 68 % of the errors are below one. */
    sigmaScale: 1.5,
    modeScale: 1,
    leastSigmaMm: 2,
    /** Of the loudest place alone: 10 cm in the median on the recordings. */
    loudSigmaMm: 140,
    /** Channel line: differences between channels at one place. 2 rad/MHz are 48 m of cable. */
    samePlaceMm: 10,
    leastSteps: 12,
    leastStepFit: 0.5,
    steepestLine: 2,
    lineStep: 0.01,
    /** Where no place was heard on two channels. 0.042 rad/MHz are a metre of cable: 2 to 20 m, reader and all. */
    lineFit: {
      from: 0.1,
      to: 0.85,
      step: 0.05,
      kept: 5,
      refine: [0.02, 0.01, 0.005],
      effort: { startShares: [1], keptStarts: 2, sweeps: 3 },
    },
  },
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
    temper: 0.4,
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
    /** A tag is looked for on boards that begin or end this near to the middle of its reads. */
    besideMm: 500,
    /** What steel does differs from tag to tag: how well phases fit one tier or another counts so much (development). */
    phaseTrust: 0.3,
    /** What antennas together say, of boards and of strays (development). */
    betweenTrust: 0.8,
    /** Tiers that fall behind the best by more, in levels alone, are out of question. */
    openLn: 6,
    /** Learning and assigning in turn. */
    rounds: 12,
    /** About nine boxes in ten are where the catalogue says; fewer stand on another board. */
    elsewhere: 0.003,
    strayExpected: 0.0005,
    strayForeign: 0.8,
    /** Without a catalogue every tag is unknown, and most stand where they are read. */
    strayUncatalogued: 0.02,
    /** No place makes up for levels that fall behind by more. */
    hopelessLn: 25,
    /** A tag on none of these shelves may be heard anywhere along so much of the rail. */
    anywhereMm: 900,
  },
  /** Where one tag may stand (`evidence/`). */
  evidence: {
    /** Reads farther from the loudest place are of reflections. */
    reachMm: 900,
    /** Half of the stretch that is searched: as far as reads come from. Its step: a tenth of a turn of phase. */
    searchMm: 900,
    stepMm: 15,
    placeMm: 20,
    /** Tables of what is expected: a fortieth of a turn of phase. */
    looksStepMm: 5,
    /** Phase residual of recordings: 0.5 to 0.8 rad; .96 .85 .71 .38 at 2, 4, 6, 10 cm is a length of 72 mm. */
    phase: { sigma: 0.65, noise: 0.15, lengthMm: 72, offset: 10 },
    /** Bias of a tag weaker by so many dB is ten times as large; within bounds. Here and below "density" is: greatest
     * mean ln density of where boxes truly stood, boxes that taught no shape, development scenes. */
    biasDb: 98,
    leastBias: 1.15,
    mostBias: 2,
    wildPhase: 0.06,
    /** RSSI residual of recordings: 3.2 to 3.5 dB, .38 to .47 at 10 cm; between shelves more (density). */
    level: { sigma: 4.4, noise: 0.6, lengthMm: 45, offset: 6 },
    /** Lobe of a patch, dB per decade of 1 + tan²; fitted on development scenes: steel fills what the lobe takes. */
    lobe: 0,
    /** Reads of one tag lie so far around it. What a place 10 cm on counts was fitted on development scenes. */
    spreadMm: 300,
    lookMm: 100,
    presence: 0.09,
    /** Biases of antennas are not independent (density). */
    temper: 0.4,
    /** Phases of one tag at different antennas (`between.ts`): what its place leaves open (glue, depth, steel's mean);
     * how often they mean nothing; fitted on development scenes. */
    between: { sigma: 0.5, wild: 0.1, leastTags: 6, rounds: 6, share: 0.74 },
    /** How the bias of this walk is told from its own boxes (`learn-shapes.ts`; development). */
    unrest: {
      usualSquare: 1.1,
      usualPhases: 100,
      mostSquare: 9,
      power: 1,
      calmPower: 0.5,
      least: 0.3,
      most: 2.2,
    },
    /** Two tags side by side (`beside.ts`): share of the bias that both have, and the distance over which it falls to 1/e;
     * fitted: most pairs of neighbours in the right order, development. */
    beside: {
      /** Until the walk has told; then one of `shares`, by so many pairs of boxes that stand so near. */
      common: 0,
      shares: [0, 0.3, 0.6, 0.9],
      pairs: 60,
      pairMm: 80,
      lengthMm: 120,
      /** Reads that count, and those so near to each other that they are one. */
      heardMm: 400,
      mergeMm: 40,
      /** Antennas are bent together, so each counts less; how often two tags have nothing to do with each other. */
      trust: 0.35,
      nothing: 0.1,
      /** Places of the pair that are tried, about where it is taken to stand. */
      reachMm: 60,
      stepMm: 20,
      placeMm: 25,
    },
    leastMode: 0.01,
    /** How often the reads fit nowhere near the tag (density); once more for every so many dB it is weak. */
    doubt: 0.02,
    doubtDb: 7,
    mostDoubt: 0.6,
    leastDoubt: 0.015,
    /** Phases of one tag are bent together: what they say against doubt counts so much (development scenes). */
    doubtPower: 0.22,
    /** Then it stands so far from the middle of its reads (density). */
    heardMm: 220,
    /** And a little farther, seldom. */
    farDoubt: 0.0033,
    farMm: 440,
  },
  /** What steel does to a whole tier (`evidence/shape.ts`). */
  shape: {
    /** As far as reads count. */
    reachMm: 900,
    stepMm: 20,
    /** Half of the length of the bias (`evidence`): finer than that, it is a tag's own. */
    widthMm: 30,
    leastTags: 5,
    priorPlaces: 2,
    rounds: 4,
    /** Who teaches: boxes in sequence whose place is known to a third of the length of the bias. */
    mostMoved: 0.2,
    mostSigmaMm: 25,
  },
  /** Order on a shelf (`order/`). */
  order: {
    /** Share of boxes out of sequence that is usual; it counts as much as so many boxes of the walk itself. */
    moved: 0.005,
    usualBoxes: 60,
    /** Share of them that changed places with a neighbour: a box put back beside its slot. */
    exchanged: 0.3,
    mostMoved: 0.1,
    /** Places along a board that are summed over; so far they go on beyond its ends. */
    placeMm: 5,
    marginMm: 80,
    /** Boxes stand tight, with gaps of 0 to 3 mm and bulges; steel drifts from one to the next (development). */
    tightMm: 1.5,
    slackMm: 3,
    /** Seldom it is more: a box put in askew, steel that changes at once. */
    looseShare: 0.1,
    looseMm: 10,
    /** Holes: how often, from which width, and how much wider. */
    hole: 0.03,
    leastHoleMm: 10,
    holeMm: 60,
    /** First box from the end of its board, and last box within it. */
    endMm: 10,
    /** Archive boxes are 20 to 50 mm thick (DA/T 22-2015). */
    soldMm: [20, 30, 40, 50],
    /** A silent box stands in its slot: dead tags and missed reads are commoner than absence. */
    silent: 0.9,
    /** Gaps that are tried: no reads this near to it are so unlikely that the box is e^−9 likelier where it stands. */
    reachMm: 60,
    negligibleLn: 9,
    /** Farther apart, two boxes say nothing of each other. */
    besideMm: 120,
    /** What all reads of a stretch are off by: the track, for all shelves alike, and steel before each. Fitted to the
     * errors of places on development walks: 14 to 16 mm of 22 are what shelves have in common. */
    drift: {
      reachMm: 60,
      priorMm: 25,
      trackMm: 16,
      trackLengthMm: 800,
      shelfMm: 10,
      shelfLengthMm: 200,
      cellMm: 80,
      leastPrecision: 1e-4,
      /** Until it is known, slack and ends take it up. */
      untilKnown: { slackMm: 7, endMm: 15 },
    },
    /** What is left of it (development). */
    railMm: 11,
    /** The joint fit of a row takes seconds: larger walks without a catalogue are ordered tag by tag. */
    jointTags: 40,
    /** No two spines stand closer. */
    minGapMm: 15,
    /** Likelihood ratio of “out of sequence”: one to three false reports in 1,000 boxes (development scenes, both kinds). */
    movedRatio: 150,
  },
  /** From computed to printed probability (`confidence.ts`). */
  confidence: {
    /** Ranks that boxes on other boards and strays not found out shift, by the boxes found out (development). */
    unseen: 2,
    /** A face in order has so many that are none. */
    freeAstray: 0.002,
    /**
     * Fitted on development data by `site/bench/locating/fit-confidence.ts` (40 walks `fit-0` to `fit-39`, 8,876 answers,
     * half with a catalogue right for nine boxes of ten): share of answers that were right, by computed probability.
     */
    shelfCurve: [
      [0, 0],
      [0.96, 0.9287],
      [1, 0.9999],
    ],
    rankCurve: [
      [0, 0],
      [0.33, 0.3409],
      [0.6012, 0.7504],
      [0.7223, 0.8328],
      [0.8011, 0.8575],
      [0.8596, 0.8758],
      [0.9003, 0.8956],
      [0.9345, 0.9363],
      [0.9605, 0.9462],
      [0.975, 0.9639],
      [0.9883, 0.9741],
      [0.9973, 0.9906],
      [0.9998, 0.9956],
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
