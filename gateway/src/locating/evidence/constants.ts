// Lengths in mm, phases in rad, frequencies in MHz, levels in dB; each number with its reason.

/** Where one tag may stand (`evidence/`). */
export const evidenceConstants = {
  /** Reads farther from the loudest place are of reflections. */
  reachMm: 900,
  /** Half of the stretch that is searched: as far as reads come from. Its step: an eighth of a turn of phase at most, and
   * a whole number of steps of the tables (`looksStepMm`). */
  searchMm: 900,
  stepMm: 20,
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
  /** Looks of one tag are not independent, whether of one antenna or of several: they count as at most so many, and as half
   * of that when there are so many (density, by looks: the best weight is 0.7 at 6, 0.36 at 18, 0.13 at 60). */
  independent: { most: 9.45, half: 7.5 },
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
  /** Tags side by side (`beside.ts`). Fitted: most exchanged neighbours told at two wrong ones in a thousand, development. */
  beside: {
    /** Share of the bias that tags have in common, and the distance over which it falls to 1/e: within a row hardly, it is
     * what is a tag's own that differs. Nothing until the walk has told; then one of `shares`, by so many pairs of boxes
     * that stand so near. */
    common: 0,
    shares: [0, 0.3, 0.6, 0.8, 0.9, 0.97],
    pairs: 60,
    /** So many of them stand the other way round. */
    wrongPairs: 0.02,
    pairMm: 80,
    lengthMm: 600,
    /** Reads that count: farther ones, of reflections, made false reports (development). And those so near to each other
     * that they are one. */
    heardMm: 600,
    mergeMm: 30,
    /** Beside others a phase is foretold more closely, and is oftener off. */
    wildPhase: 0.2,
    /** Antennas are bent together, so each counts less; how often tags have nothing to do with each other. */
    trust: 0.36,
    nothing: 0.06,
    /** Places that are tried, about where they are taken to stand. */
    reachMm: 30,
    stepMm: 30,
    placeMm: 18,
  },
  leastMode: 0.01,
  /** How often reads fit nowhere near the tag: sharp curves sooner leave out where it stands. Then it stands so far from
   * the middle of its reads (density; by nats of the spread of its curve). */
  doubt: { lnOdds: 1.2, perNat: -1.26, mm: 90 },
  /** And seldom much farther. */
  far: { odds: 0.0041, mm: 400 },
} as const

/** What steel does to a whole tier (`evidence/shape.ts`). */
export const shapeConstants = {
  /** As far as reads count. */
  reachMm: 900,
  stepMm: 20,
  /** Finer than the bias is long (`evidence`), it is a tag's own (development). */
  widthMm: 45,
  leastTags: 5,
  priorPlaces: 1,
  rounds: 4,
  /** Who teaches: boxes in sequence whose place is known to a third of the length of the bias. */
  mostMoved: 0.2,
  mostSigmaMm: 25,
} as const
