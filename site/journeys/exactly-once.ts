/** Two lists that must hold the same events, each as often: what one has more often than the other, by name. */
export interface Difference {
  /** Made and not there, or there less often. */
  readonly lost: string[]
  /** There more often than made, or there and never made. */
  readonly extra: string[]
}

export function difference(made: Iterable<string>, there: Iterable<string>): Difference {
  const left = new Map<string, number>()
  for (const name of made) left.set(name, (left.get(name) ?? 0) + 1)
  for (const name of there) left.set(name, (left.get(name) ?? 0) - 1)
  const names = (sign: 1 | -1) =>
    [...left].flatMap(([name, n]) => Array<string>(Math.max(0, n * sign)).fill(name))
  return { lost: names(1), extra: names(-1) }
}

export const same: Difference = { lost: [], extra: [] }

/** Numbers between 1 and `next` that were never used or used twice, as text; empty when every one was used once. */
export function notDense(seqs: readonly bigint[], next: bigint): Difference {
  const all = Array.from({ length: Number(next - 1n) }, (_, i) => String(i + 1))
  return difference(all, seqs.map(String))
}

/** Records whose `prev` is not the record before them in their lane (rule D10). */
export function brokenLinks<L extends string>(
  records: readonly { seq: bigint; prev: bigint; lane: L }[],
): string[] {
  const last = new Map<L, bigint>()
  return records.flatMap(({ seq, prev, lane }) => {
    const before = last.get(lane) ?? 0n
    last.set(lane, seq)
    return prev === before ? [] : [`${lane} ${seq} names ${prev}, not ${before}`]
  })
}
