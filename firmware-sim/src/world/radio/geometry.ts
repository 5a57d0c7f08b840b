/**
 * Where things are: millimetres of the rail. x along the face, from left to right as seen from the aisle; y from the
 * cart's rail towards the shelf; z up from the floor.
 */
export interface Point {
  readonly xMm: number
  readonly yMm: number
  readonly zMm: number
}

/** A plain root: `Math.hypot` costs ten times as much, and nothing here comes near overflow. */
export function distance(a: Point, b: Point): number {
  const [dx, dy, dz] = [a.xMm - b.xMm, a.yMm - b.yMm, a.zMm - b.zMm]
  return Math.sqrt(dx * dx + dy * dy + dz * dz)
}
