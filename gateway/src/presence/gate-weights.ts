/**
 * Weights of `walk-features.ts`, fitted on the development streams by `site/bench/presence/fit.ts`, which prints them.
 * `toward` has no constant and is fitted with every walk in its mirror too, so that neither direction is preferred.
 */
export interface GateWeights {
  readonly passage: readonly number[]
  readonly toward: readonly number[]
}

/** A gate whose two antennas are both heard. */
export const pair: GateWeights = {
  passage: [
    ...[-0.2, 0.55, 0.31, -0.64, -0.34, -0.18, 0.41, -0.35, 3.98],
    ...[-1.78, 0.34, -1.99, 0.23, 1.03, -0.76, -0.5, 0.25, 0.36, -0.13, 0.41],
  ],
  toward: [1.25, 0, 0.55, 0.43, 0.48, 0.65, -0.04, 4.29],
}

/** A gate of which only one antenna is ever heard: it knows a walk by its shape, and hardly ever its direction. */
export const single: GateWeights = {
  passage: [
    ...[-0.18, 0, 0, 0, 0, 0.39, 0, -0.64, 0],
    ...[0.09, 1.1, -3.54, 0.43, 0.32, -0.04, -0.04, 0.78, 0.52, 0.09, 0.13],
  ],
  toward: [0, -0.02, 0, 0, 0.38, 0, 1.02, 0],
}
