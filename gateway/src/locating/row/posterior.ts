import { factor, solveFactored } from '../cholesky.ts'
import type { RowConstants } from '../constants.ts'
import type { Fitted } from './levenberg.ts'
import type { RowModel } from './model.ts'

/** Covariance of the places, mm². Row by row. */
export interface Posterior {
  x: Float64Array
  covariance: Float64Array
}

/**
 * Laplace's approximation at the best fit, widened by what is left over and by the other fits that were found and
 * explain the reads nearly as well.
 */
export function posterior(
  model: RowModel,
  best: Fitted,
  others: readonly Fitted[],
  c: RowConstants,
): Posterior {
  const { tags, size } = model.layout
  const normal = { a: new Float64Array(size * size), b: new Float64Array(size) }
  model.arrange(best.unknowns)
  model.cost(best.unknowns, normal)
  for (let i = 0; i < size; i++)
    normal.a[i * size + i] = (normal.a[i * size + i] as number) * (1 + 1e-9) + 1e-12
  factor(normal.a, size)
  // Of each tag a place, an answer (re, im), a phase and a level were chosen.
  const values = 2 * model.profiles.reduce((n, p) => n + p.x.length, 0)
  const free = Math.max(values - 5 * tags, values / 3, 1)
  const wide = Math.max(1, best.cost / free) * c.sigmaScale ** 2
  const covariance = new Float64Array(tags * tags)
  const column = new Float64Array(size)
  for (let i = 0; i < tags; i++) {
    column.fill(0)
    column[i] = 1
    solveFactored(normal.a, size, column)
    for (let j = 0; j < tags; j++) covariance[i * tags + j] = wide * (column[j] as number)
    covariance[i * tags + i] = (covariance[i * tags + i] as number) + c.leastSigmaMm ** 2
  }
  mix(covariance, best, others, tags, wide * c.modeScale)
  return { x: best.unknowns.slice(0, tags), covariance }
}

function mix(
  covariance: Float64Array,
  best: Fitted,
  others: readonly Fitted[],
  tags: number,
  wide: number,
) {
  const weights = others.map((o) => Math.exp(-(o.cost - best.cost) / (2 * wide)))
  const total = 1 + weights.reduce((a, b) => a + b, 0)
  for (const [n, other] of others.entries()) {
    const w = (weights[n] as number) / total
    if (w < 1e-4) continue
    const off = (i: number) => (other.unknowns[i] as number) - (best.unknowns[i] as number)
    for (let i = 0; i < tags; i++)
      for (let j = 0; j < tags; j++)
        covariance[i * tags + j] = (covariance[i * tags + j] as number) + w * off(i) * off(j)
  }
}
