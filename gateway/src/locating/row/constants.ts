// Lengths in mm, phases in rad, frequencies in MHz, levels in dB; each number with its reason.

/** Fit of one row from phase and RSSI (`row/`). "Fitted" is: on the recordings D2 and D3, truth known. */
export const rowConstants = {
  /** Samples so near each other see one and the same field: its residual is correlated by .9. */
  mergeMm: 30,
  /**
   * What coupling leaves unexplained of a tag's field, relative to the field in front of it. At the true places it is
   * 0.12 to 0.28; twice that, since what the model errs by is no noise and must not outvote what is known of tags. Fitted.
   */
  residual: 0.4,
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
  /** Labels of one kind are alike: 2.5 dB there and back, of which 1 to 2 are the model's. Hidden ones are outliers. */
  levelSigma: 0.15,
  /** Most that is believed of their phases being alike (κ of von Mises): half a radian, which 6 mm of depth make. */
  grip: 4,
  /** The same where tags have one common answer: looser, and that answer changes by steps. */
  quickLevelSigma: 0.25,
  quickGrip: 3,
  answerStep: 0.15,
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
  /** Once, and from a fit: to the other end of a row of a metre, where a tag was loudest in a reflection. */
  farMm: 500,
  /** Of stretches up to so long other orders are tried; of rows beyond a cluster, where each takes long, shorter ones. */
  rearrangeTags: 5,
  rearrangeLong: 3,
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
  rivalCost: 10,
  rivals: 12,
  /** Rows longer than this get one start and few steps, so that a face takes no longer than its reads. */
  searchTags: 24,
  long: { startShares: [1], keptStarts: 1, sweeps: 0, steps: 6, clusterTags: 8 },
  /** Pairs are told within the reach of coupling. */
  pairMm: 250,
  /** Honest sigmas: fitted so that 68 % of the errors are below one. */
  sigmaScale: 1,
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
} as const
