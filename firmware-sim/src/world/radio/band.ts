/** China's band: 920.625 MHz upwards in steps of 250 kHz, 16 channels (locating 3). */
export const channelsMHz: readonly number[] = Array.from({ length: 16 }, (_, k) => 920.625 + k / 4)

const lightMmPerMicrosecond = 299_792.458
/** Radians a millimetre, one way. */
export const waveNumber = (mhz: number): number => (2 * Math.PI * mhz) / lightMmPerMicrosecond

/** The ends and the middle of the band: what lies between is interpolated. */
export const bandNodesMHz = [920.625, 922.5, 924.375] as const

/** Weights of the three nodes at a frequency (Lagrange). */
export function bandWeights(mhz: number): readonly [number, number, number] {
  const u = (mhz - bandNodesMHz[1]) / (bandNodesMHz[2] - bandNodesMHz[1])
  return [(u * (u - 1)) / 2, 1 - u * u, (u * (u + 1)) / 2]
}
