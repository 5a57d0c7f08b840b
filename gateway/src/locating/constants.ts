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
} as const

export type RowConstants = (typeof locatingConstants)['row']
