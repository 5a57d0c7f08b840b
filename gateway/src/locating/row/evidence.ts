import { factor } from '../cholesky.ts'
import type { Fitted } from './levenberg.ts'
import type { RowModel } from './model.ts'

/** ln of how much probability lies about a fit, but for a constant: Laplace's approximation. */
export function lnEvidence(model: RowModel, { unknowns, cost }: Fitted): number {
  return -0.5 * (cost + lnDeterminant(model, unknowns))
}

/** Of JᵀJ. */
function lnDeterminant(model: RowModel, unknowns: Float64Array): number {
  const { size } = model.layout
  const normal = { a: new Float64Array(size * size), b: new Float64Array(size) }
  model.arrange(unknowns)
  model.cost(unknowns, normal)
  for (let i = 0; i < size; i++)
    normal.a[i * size + i] = (normal.a[i * size + i] as number) * (1 + 1e-9) + 1e-12
  factor(normal.a, size)
  let sum = 0
  for (let i = 0; i < size; i++) sum += 2 * Math.log(normal.a[i * size + i] as number)
  return sum
}
