/** Cholesky factor of a symmetric positive definite matrix (n rows of n), into its lower triangle. */
export const factor = (a: Float64Array, n: number): void => factorRows(a, n, (i) => i * n)

/** So many numbers a lower triangle of n rows takes, packed row by row: row i begins at `packed(i)`. */
export const packed = (n: number): number => (n * (n + 1)) / 2

/** Cholesky factor of a packed lower triangle, in place. */
export const factorPacked = (a: Float64Array, n: number): void => factorRows(a, n, packed)

/** Row i of the lower triangle begins at `begin(i)`. */
function factorRows(a: Float64Array, n: number, begin: (i: number) => number): void {
  for (let j = 0; j < n; j++) {
    const oj = begin(j)
    let diagonal = a[oj + j] as number
    for (let m = 0; m < j; m++) diagonal -= (a[oj + m] as number) ** 2
    const root = Math.sqrt(Math.max(diagonal, 1e-300))
    a[oj + j] = root
    let i = j + 1
    // Four rows at once: one alone waits for each of its sums.
    for (; i + 3 < n; i += 4) {
      const o0 = begin(i)
      const o1 = begin(i + 1)
      const o2 = begin(i + 2)
      const o3 = begin(i + 3)
      let s0 = a[o0 + j] as number
      let s1 = a[o1 + j] as number
      let s2 = a[o2 + j] as number
      let s3 = a[o3 + j] as number
      for (let m = 0; m < j; m++) {
        const by = a[oj + m] as number
        s0 -= (a[o0 + m] as number) * by
        s1 -= (a[o1 + m] as number) * by
        s2 -= (a[o2 + m] as number) * by
        s3 -= (a[o3 + m] as number) * by
      }
      a[o0 + j] = s0 / root
      a[o1 + j] = s1 / root
      a[o2 + j] = s2 / root
      a[o3 + j] = s3 / root
    }
    for (; i < n; i++) {
      const oi = begin(i)
      let sum = a[oi + j] as number
      for (let m = 0; m < j; m++) sum -= (a[oi + m] as number) * (a[oj + m] as number)
      a[oi + j] = sum / root
    }
  }
}

/** Solves with the factor, in place. */
export function solveFactored(l: Float64Array, n: number, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = v[i] as number
    for (let m = 0; m < i; m++) sum -= (l[i * n + m] as number) * (v[m] as number)
    v[i] = sum / (l[i * n + i] as number)
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = v[i] as number
    for (let m = i + 1; m < n; m++) sum -= (l[m * n + i] as number) * (v[m] as number)
    v[i] = sum / (l[i * n + i] as number)
  }
}
