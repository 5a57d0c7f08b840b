/**
 * `node --conditions=source site/bench/presence/fit.ts`: fits the weights of `gateway/src/presence/gate-weights.ts` on
 * the development streams by logistic regression, and prints them. It sees no stream that is published.
 */
import { drawGate, type GateKind } from './gate-stream.ts'
import { developmentSeeds } from './seeds.ts'
import { type TrueWalk, walksOf } from './walks.ts'

interface Sample {
  x: readonly number[]
  y: 0 | 1
  weight: number
}

/** Pull of every weight towards zero. */
const ridge = 2
const steps = 40

function collect(kinds: readonly GateKind[]): TrueWalk[] {
  return kinds.flatMap((kind) =>
    developmentSeeds(40).flatMap((seed) => walksOf(drawGate(`${seed}/${kind}`, kind, 10))),
  )
}

/** Iteratively reweighted least squares, by Gauss elimination: a dozen weights. */
function fit(samples: readonly Sample[]): number[] {
  const n = samples[0]?.x.length ?? 0
  let w: number[] = Array<number>(n).fill(0)
  for (let step = 0; step < steps; step++) {
    const a = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? ridge : 0)),
    )
    const b = w.map((v) => -ridge * v)
    for (const { x, y, weight } of samples) {
      const p = 1 / (1 + Math.exp(-dot(w, x)))
      const curve = weight * Math.max(1e-6, p * (1 - p))
      for (let i = 0; i < n; i++) {
        const xi = x[i] as number
        b[i] = (b[i] as number) + weight * (y - p) * xi
        const row = a[i] as number[]
        for (let j = 0; j < n; j++) row[j] = (row[j] as number) + curve * xi * (x[j] as number)
      }
    }
    const change = solve(a, b)
    w = w.map((v, i) => v + 0.7 * (change[i] as number))
  }
  return w
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, v, i) => sum + v * (b[i] as number), 0)

function solve(a: number[][], b: number[]): number[] {
  const n = b.length
  for (let i = 0; i < n; i++) {
    const pivot = a[i] as number[]
    for (let k = i + 1; k < n; k++) {
      const row = a[k] as number[]
      const by = (row[i] as number) / (pivot[i] as number)
      for (let j = i; j < n; j++) row[j] = (row[j] as number) - by * (pivot[j] as number)
      b[k] = (b[k] as number) - by * (b[i] as number)
    }
  }
  const x = Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    const row = a[i] as number[]
    let rest = b[i] as number
    for (let j = i + 1; j < n; j++) rest -= (row[j] as number) * (x[j] as number)
    x[i] = rest / (row[i] as number)
  }
  return x
}

/** What lies still is judged thousands of times; together it weighs as much as a quarter of the others. */
function weightsOf(walks: readonly TrueWalk[]): (w: TrueWalk) => number {
  const lying = walks.filter((w) => w.what === 'lying').length
  const each = (walks.length - lying) / 4 / Math.max(1, lying)
  return (w) => (w.what === 'lying' ? Math.min(1, each) : 1)
}

for (const [name, kinds] of [
  ['pair', ['phase', 'rssi']],
  ['single', ['single']],
] as const) {
  const walks = collect(kinds)
  const weight = weightsOf(walks)
  const passage = fit(
    walks.map((w) => ({ x: w.features.passage, y: w.truth ? 1 : 0, weight: weight(w) })),
  )
  const passed = walks.filter((w) => w.truth)
  const toward = fit(
    // Each also in the mirror, so that neither direction is preferred.
    passed.flatMap((w) => [
      { x: w.features.toward, y: w.truth === 'out' ? 1 : 0, weight: 1 } as const,
      { x: w.features.toward.map((v) => -v), y: w.truth === 'out' ? 0 : 1, weight: 1 } as const,
    ]),
  )
  const round = (of: number[]) => of.map((v) => Number(v.toFixed(2)))
  process.stdout.write(
    `${JSON.stringify({ name, passage: round(passage), toward: round(toward) })}\n`,
  )
  report(walks, passage, toward)
}

function report(walks: readonly TrueWalk[], passage: readonly number[], toward: readonly number[]) {
  const chance = (w: readonly number[], x: readonly number[]) => 1 / (1 + Math.exp(-dot(w, x)))
  for (const what of ['passage', 'turn', 'linger', 'trolley', 'lying'] as const) {
    const own = walks.filter((w) => w.what === what)
    const p = own.map((w) => chance(passage, w.features.passage)).sort((a, b) => a - b)
    const at = (q: number) => (p[Math.floor(q * (p.length - 1))] ?? Number.NaN).toFixed(3)
    process.stderr.write(
      `${what} n ${own.length} p1 ${at(0.01)} p5 ${at(0.05)} p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)}\n`,
    )
  }
  const passed = walks.filter((w) => w.truth)
  const out = passed.map((w) => {
    const p = chance(toward, w.features.toward)
    return w.truth === 'out' ? p : 1 - p
  })
  const share = (f: (p: number) => boolean) =>
    ((100 * out.filter(f).length) / out.length).toFixed(1)
  process.stderr.write(
    `direction: right ${share((p) => p > 0.9)} % wrong ${share((p) => p < 0.1)} %\n`,
  )
}
