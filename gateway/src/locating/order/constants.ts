// Lengths in mm, phases in rad, frequencies in MHz, levels in dB; each number with its reason.

/** Order on a shelf (`order/`). */
export const orderConstants = {
  /** Share of boxes out of sequence that is usual; it counts as much as so many boxes of the walk itself. */
  moved: 0.01,
  usualBoxes: 60,
  /** Share of them that changed places with a neighbour: a box put back beside its slot. */
  exchanged: 0.5,
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
  /** Gaps that are tried: no reads this near to it are so unlikely that the box is e^−7 likelier where it stands. */
  reachMm: 60,
  negligibleLn: 7,
  /** Neighbours are asked of gaps that do not fall behind by more; farther away they say nothing of a box. */
  besideLn: 7,
  besideMm: 120,
  /** What all reads of a stretch are off by: the track, for all shelves alike, and steel before each. Fitted to the
   * errors of places on development walks: 14 to 16 mm of 22 are what shelves have in common; errors of tags of one shelf
   * go together by .34 at 3 cm, .18 at 9 cm, .07 at 18 cm. */
  drift: {
    reachMm: 60,
    priorMm: 25,
    trackMm: 16,
    trackLengthMm: 800,
    shelfMm: 16,
    shelfLengthMm: 100,
    /** Between these places it is a straight line. */
    cellMm: 60,
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
  /** From these odds on a box is put out of sequence, until the walk tells (`evenLn` of `confidence.ts`). */
  firstOdds: 3.2,
} as const
