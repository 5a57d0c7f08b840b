import type { ShapeConstants } from '../constants.ts'
import { wrap } from './views.ts'

/**
 * What steel and lobe do to every tag of a tier alike, by how far aside the antenna is: back panels, boards and floor
 * are the same for all of them. `phase` is radians beyond free space, `level` dB beyond path loss, `reads` ln of how
 * often a tag is read there; at `aside = (i − middle) · stepMm`.
 */
export interface Shape {
  stepMm: number
  phase: Float64Array
  level: Float64Array
}

/** One place of one tag, as one antenna saw it: aside of the tag, phase and level less free space. */
export interface Residual {
  aside: number
  phase: number
  level: number
}

/** Value at `aside` between two points of a shape's column; beyond its ends, the end. */
export function shapeAt(column: Float64Array, stepMm: number, aside: number): number {
  const at = aside / stepMm + (column.length - 1) / 2
  if (at <= 0) return column[0] as number
  if (at >= column.length - 1) return column[column.length - 1] as number
  const i = Math.floor(at)
  return (column[i] as number) + (at - i) * ((column[i + 1] as number) - (column[i] as number))
}

/** Smooths by a normal of `widthMm` and draws to nothing where few tags speak. */
function smoothed(
  sums: Float64Array[],
  weight: Float64Array,
  c: ShapeConstants,
  value: (sums: readonly number[], weight: number) => number,
): Float64Array {
  const reach = Math.ceil((2.5 * c.widthMm) / c.stepMm)
  const hill = Float64Array.from({ length: 2 * reach + 1 }, (_, j) =>
    Math.exp(-0.5 * (((j - reach) * c.stepMm) / c.widthMm) ** 2),
  )
  const near = (column: Float64Array, i: number): number => {
    let sum = 0
    const last = Math.min(column.length - 1, i + reach)
    for (let j = Math.max(0, i - reach); j <= last; j++)
      sum += (hill[j - i + reach] as number) * (column[j] as number)
    return sum
  }
  return weight.map((_, i) =>
    value(
      sums.map((column) => near(column, i)),
      near(weight, i),
    ),
  )
}

/**
 * The shape that the tags of one tier show to one antenna; each has an offset and a strength of its own. null where
 * too few speak.
 */
export function learnShape(tags: readonly Residual[][], c: ShapeConstants): Shape | null {
  if (tags.length < c.leastTags) return null
  const n = 2 * Math.round(c.reachMm / c.stepMm) + 1
  let shape: Shape = {
    stepMm: c.stepMm,
    phase: new Float64Array(n),
    level: new Float64Array(n),
  }
  for (let round = 0; round < c.rounds; round++) shape = refine(tags, shape, c)
  return shape
}

function refine(tags: readonly Residual[][], shape: Shape, c: ShapeConstants): Shape {
  const n = shape.phase.length
  const [sin, cos, phases] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [level, levels] = [new Float64Array(n), new Float64Array(n)]
  const add = (column: Float64Array, i: number, v: number) => {
    column[i] = (column[i] as number) + v
  }
  for (const tag of tags) {
    const [offset, strength] = ownOf(tag, shape)
    for (const r of tag) {
      const i = Math.round(r.aside / c.stepMm) + (n - 1) / 2
      if (i < 0 || i >= n) continue
      add(level, i, r.level - strength)
      add(levels, i, 1)
      if (Number.isNaN(r.phase)) continue
      add(sin, i, Math.sin(r.phase - offset))
      add(cos, i, Math.cos(r.phase - offset))
      add(phases, i, 1)
    }
  }
  return {
    stepMm: c.stepMm,
    phase: smoothed(
      [sin, cos],
      phases,
      c,
      ([s = 0, k = 0], w) => (Math.atan2(s, k) * w) / (w + c.priorPlaces),
    ),
    level: smoothed([level], levels, c, ([s = 0], w) => s / (w + c.priorPlaces)),
  }
}

/** Offset of phase and strength of one tag against a shape. */
function ownOf(tag: readonly Residual[], shape: Shape): [number, number] {
  let [s, k, strength] = [0, 0, 0]
  for (const r of tag) {
    strength += r.level - shapeAt(shape.level, shape.stepMm, r.aside)
    if (Number.isNaN(r.phase)) continue
    const rest = r.phase - shapeAt(shape.phase, shape.stepMm, r.aside)
    s += Math.sin(rest)
    k += Math.cos(rest)
  }
  return [wrap(Math.atan2(s, k)), strength / tag.length]
}
