/**
 * Every number of the presence rules. Each has its reason beside it, or was fitted on the development streams of
 * `site/bench/presence/seeds.ts`; the streams that `npm run bench -- presence` publishes play no part in it.
 */

/** A stay at a desk (`habit.ts`, `rhythm.ts`). */
export const stay = {
  /**
   * Said to have departed when this much more probable than still being there. Fitted: with 10 a slow reader says too
   * much, with 99 everything comes a third later.
   */
  departedOdds: 30,
  /** Never sooner: two dwells of a reader with four antennas of 200 ms each, and some jitter. */
  shortestMs: 1000,
  /** Never later, unless the reader itself looks more rarely than every twenty seconds. */
  longestMs: 60_000,
  /** … then so many looks of it. */
  longestLooks: 3,
  /** Answers that a tag's own read rate remembers: long enough to be sure, short enough to follow a box that is turned. */
  memory: 40,
  /**
   * A new tag is believed to be like the others of its reader with the weight of so many looks. Fitted: with 3 the few
   * reads of a short stay leave everything open, and it is said to be over half a minute late.
   */
  priorLooks: 16,
  /** Before any tag was read: a third of the looks are answered (SMURF and field reports say 60 to 70 % are missed). */
  answers: 0.35,
  /** Reads closer together than this belong to one dwell of one antenna (a read takes some 2 ms, a dwell 50 to 200). */
  shortestLookMs: 20,
  /** Stays that are due within so long of each other wait for one timer (`due.ts`): a departure is told as late as that. */
  dueWithinMs: 20,
  /** First guess of the time between two looks, until the reads show it. */
  lookMs: 500,
  /** A box stays two minutes, somebody is in the way every half minute for a second: weak beliefs, two events' worth. */
  stayMs: 120_000,
  blockEveryMs: 30_000,
  blockMs: 1000,
  priorEvents: 2,
  /** Silence that bad luck brings once in five hundred times is something in the way, once so many reads are known. */
  surprise: 0.002,
  knownReads: 10,
  /** What lasted longer teaches nothing about hands in the way. */
  longestBlockMs: 8000,
  /** Unnoticed blocks are at most e^1.5, some four times, the noticed ones. */
  unnoticed: 1.5,
  /** Gaps that the time between two looks is the tenth percentile of, and after how many it is computed anew. */
  gapsKept: 64,
  lookEvery: 8,
  /** Events that the habits of a reader remember. */
  habitMemory: 200,
} as const

/** A gate (`gate.ts`, `walk-features.ts`, `radial.ts`). */
export const gate = {
  /** A walk has ended when its tag has not been read for so long. */
  silenceMs: 1500,
  /** A tag that has been in the field for so long is in no hurry: it is looked at more rarely. */
  longestMs: 15_000,
  lateEveryMs: 3000,
  /**
   * Said only from this probability of a passage on. Fitted: below it lie two passages in a hundred and two strays in
   * three, with what those say that were carried along.
   */
  doubt: 0.03,
  /** So few reads, one of them so strong that the tag was within a metre or two, are a doubt whatever they look like. */
  few: 4,
  nearDbm: -55,
  /** With a direction only from here on: that of a trolley that was wheeled past means nothing. */
  likely: 0.5,
  /**
   * From here on it is said however often: what lies near the gate stays below. Fitted: one in a hundred looks at such a
   * tag goes above 0.09 where both antennas are heard and above 0.36 where one is.
   */
  sure: 0.4,
  /** The way back, of a tag that was said to have passed and has been heard ever since. */
  back: 0.8,
  /** A direction is said from this probability on. */
  proven: 0.95,
  /** While the tag is still heard nothing is said before both are so certain; looked at so often. */
  early: 0.99,
  earlyEveryMs: 500,
  /**
   * Another tag was carried along when half of the longer walk is common to both. Fitted: it shifts the log odds by so
   * much when it is clear itself, three of them by three times that and no more.
   */
  sharedWalk: 0.5,
  clearOdds: 3,
  companyWeight: 0.7,
  companyMost: 3,
  /** Walks that have ended are remembered so long for those that end after them. */
  companyMs: 4000,
  /**
   * After so many walks that were nothing, the last within an hour, a tag is taken to lie near; up to so many they count
   * against the next. A hundred to one is overcome by a walk that both antennas saw well.
   */
  lyingWalks: 2,
  lyingMs: 3_600_000,
  lyingMost: 100,
  /** The same doubt is said again after so long, then twice as long, up to half a day. */
  hushMs: 600_000,
  longestHushMs: 43_200_000,
  doubtsKept: 20_000,
  /** Both antennas of a gate hear tags as long as each heard one within so long. */
  heardMs: 86_400_000,
  /** Reads kept of the beginning and of the latest time of a walk: some seconds of a tag that is alone in the field. */
  edgeReads: 300,
  latestReads: 300,
  /** Where a walk begins and ends is what is heard in so much of it, at most. */
  edgeMs: 1000,
  /** An antenna that does not hear a tag hears it at most so: the sensitivity of the tag's own wake-up. */
  unheardDbm: -78,
  /** Level of a reader that gives none. */
  plainDbm: -55,
  /** Uncertainty of a moment: two dwells of an antenna. */
  centreMs: 150,
  /** λ/4 is 81 mm at 922 MHz: 45 ms at 1.8 m/s, faster than people carry boxes. */
  phaseGapMs: 45,
  /** A shorter run of reads says little: noise of 0.1 rad is then 0.2 m/s. */
  phaseRunMs: 15,
  /** A longer run is cut: somebody who walks has gone a hand's breadth. */
  phaseSpanMs: 120,
  /** A speed holds for so long on either side of its reads: a third of a step. */
  phaseHoldsMs: 250,
} as const

/** One tag at two readers (`two-places.ts`). */
export const twice = {
  /** Nobody carries a box from one reader of a site to another in less: they would have to hang side by side. */
  carriedMs: 1000,
  /** There and back and there again within so long: a report that came late makes one jump, not three. */
  jumps: 3,
  withinMs: 15_000,
  /** So many different tags at the same two readers within ten minutes: not copies, but one place that both hear. */
  overlapTags: 3,
  overlapMs: 600_000,
  /** The same is said again after a day. */
  againMs: 86_400_000,
  tracesKept: 20_000,
} as const
