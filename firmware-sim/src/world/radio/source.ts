/**
 * Every way of the wave to a tag beside the direct one, as a point from which it seems to come: an image of the tag in
 * a sheet of steel, a neighbour that couples, a piece of clutter. Its share of the channel is
 * g(direction) · gain / d · exp(j (k (d + extra) + turn)), d from antenna to point; the direct way has gain 1.
 */
import type { Point } from './geometry.ts'

export interface Source extends Point {
  readonly gain: number
  /** Way from the point on to the tag. */
  readonly extraMm: number
  readonly turnRad: number
}

/** A plane of steel across one axis. */
export interface Mirror {
  readonly axis: 'x' | 'y' | 'z'
  readonly atMm: number
  /** Magnitude of the reflection, 0.2 to 0.6 for shelving (locating 3). */
  readonly gamma: number
  readonly turnRad: number
}

export function imageIn(mirror: Mirror, tag: Point): Source {
  const flip = (axis: Mirror['axis'], at: number) =>
    axis === mirror.axis ? 2 * mirror.atMm - at : at
  return {
    xMm: flip('x', tag.xMm),
    yMm: flip('y', tag.yMm),
    zMm: flip('z', tag.zMm),
    gain: mirror.gamma,
    extraMm: 0,
    turnRad: mirror.turnRad,
  }
}
