/** Somebody walks through the door with a box: how far it is from the two antennas of the gate. */
export type Direction = 'out' | 'in'

/** Millimetres from the door, negative inside; the walk begins and ends out of reach. */
const reachMm = 2600
/** Antennas hang beside the way, one on each side of the door; the frame and the wall shade the other side. */
const antennaAt = { 1: -700, 2: 700 } as const
const besideMm = 900
const shade = 10
/** Beyond this nothing answers at all. */
const outOfReachMm = 5000

/** Radio distance by antenna number at `share` (0 to 1) of the walk. */
export function gateDistances(direction: Direction, share: number): Record<number, number> {
  const way = -reachMm + 2 * reachMm * Math.min(1, Math.max(0, share))
  const x = direction === 'out' ? way : -way
  const distances: Record<number, number> = {}
  for (const antenna of [1, 2] as const) {
    const side = Math.sign(antennaAt[antenna])
    const wrongSide = Math.max(0, -x * side)
    const mm = Math.hypot(x - antennaAt[antenna], besideMm) + shade * wrongSide
    if (mm < outOfReachMm) distances[antenna] = Math.round(mm)
  }
  return distances
}
