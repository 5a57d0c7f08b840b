/** Sum of squares and, where asked for, its Gauss–Newton form: JᵀJ (row by row) and Jᵀr. */
export interface Normal {
  a: Float64Array
  b: Float64Array
}

/** The square of how far unknown `i` is from `to`. */
export function pull(
  u: Float64Array,
  i: number,
  to: number,
  sigma: number,
  normal: Normal | undefined,
  size: number,
): number {
  const r = ((u[i] as number) - to) / sigma
  if (normal) {
    normal.a[i * size + i] = (normal.a[i * size + i] as number) + 1 / (sigma * sigma)
    normal.b[i] = (normal.b[i] as number) + r / sigma
  }
  return r * r
}

/** The square of `off`, which grows with unknown `i` and falls with `j`, or where `sign` is −1 the other way round. */
export function tie(
  i: number,
  j: number,
  off: number,
  sign: 1 | -1,
  sigma: number,
  normal: Normal | undefined,
  size: number,
): number {
  const r = off / sigma
  if (normal) {
    const w = 1 / (sigma * sigma)
    const { a, b } = normal
    a[i * size + i] = (a[i * size + i] as number) + w
    a[j * size + j] = (a[j * size + j] as number) + w
    a[i * size + j] = (a[i * size + j] as number) - w
    a[j * size + i] = (a[j * size + i] as number) - w
    b[i] = (b[i] as number) + (sign * r) / sigma
    b[j] = (b[j] as number) - (sign * r) / sigma
  }
  return r * r
}
