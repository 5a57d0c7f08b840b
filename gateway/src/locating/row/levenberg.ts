import { factor, solveFactored } from '../cholesky.ts'
import type { RowModel } from './model.ts'
import type { Normal } from './pulls.ts'

export interface Fitted {
  unknowns: Float64Array
  cost: number
}

export interface LevenbergLimits {
  steps: number
  /** A tag moves at most so far in one step. */
  strideMm: number
  depthFromMm: number
  depthToMm: number
}

/** Levenberg–Marquardt from `start`, which stays as it is. */
export function levenberg(model: RowModel, start: Float64Array, limits: LevenbergLimits): Fitted {
  const { size } = model.layout
  const normal: Normal = { a: new Float64Array(size * size), b: new Float64Array(size) }
  let unknowns: Float64Array = start.slice()
  model.arrange(unknowns)
  model.settle(unknowns)
  let cost = model.cost(unknowns, normal)
  let damping = 1e-2
  for (let step = 0; step < limits.steps; step++) {
    const next = attempt(model, unknowns, normal, damping, limits)
    const found = model.cost(next)
    if (!(found < cost)) {
      damping *= 5
      if (damping > 1e4) break
      continue
    }
    const gain = cost - found
    unknowns = next
    damping = Math.max(damping / 6, 1e-6)
    model.arrange(unknowns)
    cost = model.cost(unknowns, normal)
    if (gain < 1e-3 * cost && gain < 0.05) break
  }
  return { unknowns, cost }
}

function attempt(
  model: RowModel,
  unknowns: Float64Array,
  { a, b }: Normal,
  damping: number,
  limits: LevenbergLimits,
): Float64Array {
  const { size, tags, depth } = model.layout
  const damped = a.slice()
  for (let i = 0; i < size; i++)
    damped[i * size + i] = (damped[i * size + i] as number) * (1 + damping) + 1e-9
  factor(damped, size)
  const step = b.slice()
  solveFactored(damped, size, step)
  let longest = Math.abs(step[depth] as number) / limits.strideMm
  for (let i = 0; i < tags; i++)
    longest = Math.max(longest, Math.abs(step[i] as number) / limits.strideMm)
  const scale = Math.min(1, 1 / longest)
  const next = unknowns.slice()
  for (let i = 0; i < size; i++) next[i] = (next[i] as number) - scale * (step[i] as number)
  next[depth] = Math.max(limits.depthFromMm, Math.min(limits.depthToMm, next[depth] as number))
  return next
}
