/**
 * Gauss–Jordan with pivots on [A | B], n rows of `wide` complex numbers, in place: B becomes A⁻¹B. No allocation, for
 * it is the innermost step of the search.
 */
export function eliminate(re: Float64Array, im: Float64Array, n: number, wide: number): void {
  for (let p = 0; p < n; p++) {
    pivot(re, im, n, wide, p)
    normalise(re, im, wide, p)
    for (let i = 0; i < n; i++) if (i !== p) subtract(re, im, wide, p, i)
  }
}

/** Makes the pivot 1. */
function normalise(re: Float64Array, im: Float64Array, wide: number, p: number) {
  const o = p * wide
  const a = re[o + p] as number
  const b = im[o + p] as number
  const power = a * a + b * b
  const c = a / power
  const d = -b / power
  for (let j = o + p; j < o + wide; j++) {
    const x = re[j] as number
    const y = im[j] as number
    re[j] = x * c - y * d
    im[j] = x * d + y * c
  }
}

/** Takes row p out of row i. */
function subtract(re: Float64Array, im: Float64Array, wide: number, p: number, i: number) {
  const o = p * wide
  const q = i * wide
  const a = re[q + p] as number
  const b = im[q + p] as number
  for (let j = p; j < wide; j++) {
    const x = re[o + j] as number
    const y = im[o + j] as number
    re[q + j] = (re[q + j] as number) - (a * x - b * y)
    im[q + j] = (im[q + j] as number) - (a * y + b * x)
  }
}

function pivot(re: Float64Array, im: Float64Array, n: number, wide: number, p: number) {
  let best = p
  let most = 0
  for (let i = p; i < n; i++) {
    const a = re[i * wide + p] as number
    const b = im[i * wide + p] as number
    if (a * a + b * b > most) {
      most = a * a + b * b
      best = i
    }
  }
  if (best === p) return
  exchange(re, wide, p, best)
  exchange(im, wide, p, best)
}

function exchange(v: Float64Array, wide: number, p: number, q: number) {
  for (let j = 0; j < wide; j++) {
    const keep = v[p * wide + j] as number
    v[p * wide + j] = v[q * wide + j] as number
    v[q * wide + j] = keep
  }
}
