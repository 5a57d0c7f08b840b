import type { ShapeConstants } from '../constants.ts'
import { numbers } from '../scratch.ts'
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

/** Columns of sums by place, each smoothed by a normal of `widthMm`. */
function smoothed(columns: readonly Float64Array[], c: ShapeConstants): Float64Array[] {
  const reach = Math.ceil((2.5 * c.widthMm) / c.stepMm)
  const hill = numbers(2 * reach + 1)
  for (let j = -reach; j <= reach; j++)
    hill[j + reach] = Math.exp(-0.5 * ((j * c.stepMm) / c.widthMm) ** 2)
  return columns.map((column) => {
    const out = numbers(column.length)
    for (let i = 0; i < out.length; i++) {
      let sum = 0
      const last = Math.min(out.length - 1, i + reach)
      for (let j = Math.max(0, i - reach); j <= last; j++)
        sum += (hill[j - i + reach] as number) * (column[j] as number)
      out[i] = sum
    }
    return out
  })
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
  const sin = numbers(n)
  const cos = numbers(n)
  const phases = numbers(n)
  const level = numbers(n)
  const levels = numbers(n)
  for (const tag of tags) {
    const { offset, strength } = ownOf(tag, shape)
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
  return drawn(smoothed([sin, cos, phases, level, levels], c), c)
}

function add(column: Float64Array, i: number, v: number) {
  column[i] = (column[i] as number) + v
}

/** Drawn to nothing where few tags speak. */
function drawn(columns: readonly Float64Array[], c: ShapeConstants): Shape {
  const [sin, cos, phases, level, levels] = columns as [
    ...[Float64Array, Float64Array, Float64Array],
    ...[Float64Array, Float64Array],
  ]
  const n = phases.length
  const shape: Shape = { stepMm: c.stepMm, phase: numbers(n), level: numbers(n) }
  for (let i = 0; i < n; i++) {
    const w = phases[i] as number
    const reads = levels[i] as number
    const rad = Math.atan2(sin[i] as number, cos[i] as number)
    shape.phase[i] = (rad * w) / (w + c.priorPlaces)
    shape.level[i] = (level[i] as number) / (reads + c.priorPlaces)
  }
  return shape
}

/** Offset of phase and strength of one tag against a shape. */
function ownOf(tag: readonly Residual[], shape: Shape): { offset: number; strength: number } {
  let [s, k, strength] = [0, 0, 0]
  for (const r of tag) {
    strength += r.level - shapeAt(shape.level, shape.stepMm, r.aside)
    if (Number.isNaN(r.phase)) continue
    const rest = r.phase - shapeAt(shape.phase, shape.stepMm, r.aside)
    s += Math.sin(rest)
    k += Math.cos(rest)
  }
  return { offset: wrap(Math.atan2(s, k)), strength: strength / tag.length }
}
