import type { RowConstants } from '../constants.ts'

/**
 * What of the field is left unexplained (walls, floor, uprights) is a smooth function of the antenna's x: a Gaussian
 * process. The inverse of the Cholesky factor of its covariance over the points `x`, lower triangle row by row
 * (n·(n+1)/2 values). Points with `kept` 0 have empty rows and columns.
 */
export function whitening(x: Float64Array, kept: Uint8Array | null, c: RowConstants): Float64Array {
  const n = x.length
  const l = new Float64Array((n * (n + 1)) / 2)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (kept && !(kept[i] && kept[j])) continue
      const apart = ((x[i] as number) - (x[j] as number)) / c.lookMm
      l[at(i, j)] =
        c.residual ** 2 * (Math.exp(-0.5 * apart * apart) + (i === j ? c.residualWhite : 0))
    }
    if (kept && !kept[i]) l[at(i, i)] = 1
  }
  factor(l, n)
  invert(l, n)
  if (kept) for (let i = 0; i < n; i++) if (!kept[i]) l[at(i, i)] = 0
  return l
}

const at = (i: number, j: number) => (i * (i + 1)) / 2 + j

/** Cholesky factor in place. */
function factor(l: Float64Array, n: number) {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[at(i, j)] as number
      for (let m = 0; m < j; m++) sum -= (l[at(i, m)] as number) * (l[at(j, m)] as number)
      l[at(i, j)] = i === j ? Math.sqrt(sum) : sum / (l[at(j, j)] as number)
    }
  }
}

/** Inverse of a lower triangle in place. */
function invert(l: Float64Array, n: number) {
  for (let j = 0; j < n; j++) {
    l[at(j, j)] = 1 / (l[at(j, j)] as number)
    for (let i = j + 1; i < n; i++) {
      let sum = 0
      for (let m = j; m < i; m++) sum -= (l[at(i, m)] as number) * (l[at(m, j)] as number)
      l[at(i, j)] = sum / (l[at(i, i)] as number)
    }
  }
}
