import { cpus } from 'node:os'

/**
 * One line of the benchmark's answer. `ratio` is the median of the rounds' ratios; a figure whose peer spread by more
 * than a fifth is marked invalid, because the machine was busy (performance 5.3). Nothing here ever fails a build.
 */
export interface Figure {
  name: string
  /** What the ratio says, as "product / peer: rows per second". */
  meaning: string
  ratio: number
  min: number
  max: number
  rounds: number
  aim: string
  met: boolean
  valid: boolean
  /** Absolute numbers of this machine, never to be carried elsewhere. */
  detail: Record<string, number | string>
}

export const median = (values: readonly number[]): number => percentile(values, 50)

/** Nearest-rank percentile of unsorted values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)
  return sorted[at] ?? Number.NaN
}

export interface Contest {
  name: string
  meaning: string
  aim: { atLeast: number } | { atMost: number }
  rounds: number
  /** One round of the product and of its peer; larger or smaller is better as the aim says. */
  product(round: number): Promise<number>
  peer(round: number): Promise<number>
  /** Largest spread of the peer's own rounds that is still believed; 1.2 unless the peer is a latency tail. */
  peerSpread?: number
  detail?(product: readonly number[], peer: readonly number[]): Record<string, number | string>
}

/** Runs A B, B A, A B …, each round on fresh data, and reports the median of the per-round ratios. */
export async function contest(c: Contest): Promise<Figure> {
  const product: number[] = []
  const peer: number[] = []
  for (let round = 0; round < c.rounds; round++) {
    const first = round % 2 === 0
    if (first) product.push(await c.product(round))
    peer.push(await c.peer(round))
    if (!first) product.push(await c.product(round))
  }
  const ratios = product.map((value, i) => value / (peer[i] as number))
  const ratio = median(ratios)
  const met = 'atLeast' in c.aim ? ratio >= c.aim.atLeast : ratio <= c.aim.atMost
  return {
    name: c.name,
    meaning: c.meaning,
    ratio: round3(ratio),
    min: round3(Math.min(...ratios)),
    max: round3(Math.max(...ratios)),
    rounds: c.rounds,
    aim: 'atLeast' in c.aim ? `>= ${c.aim.atLeast}` : `<= ${c.aim.atMost}`,
    met,
    valid: Math.max(...peer) / Math.min(...peer) <= (c.peerSpread ?? 1.2),
    detail: {
      product: round3(median(product)),
      peer: round3(median(peer)),
      ...c.detail?.(product, peer),
    },
  }
}

export const round3 = (n: number): number =>
  Math.abs(n) >= 100 ? Math.round(n) : Number(n.toPrecision(3))

/** What the figures were measured on; the first line of the answer. */
export const machine = () => ({
  machine: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  at: new Date().toISOString(),
})
