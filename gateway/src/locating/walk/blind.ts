/** Times of a walk in which nothing can be said: the reader was not heard, or lost reads. Microseconds of our clock. Pure. */

export interface Blind {
  readonly fromUs: number
  readonly toUs: number
}

/** In order, those that touch made one. */
export function united(blinds: readonly Blind[]): Blind[] {
  const out: { fromUs: number; toUs: number }[] = []
  for (const b of [...blinds].sort((a, c) => a.fromUs - c.fromUs)) {
    const last = out.at(-1)
    if (last && b.fromUs <= last.toUs) last.toUs = Math.max(last.toUs, b.toUs)
    else out.push({ ...b })
  }
  return out
}

/** The same, each at least so long, around its middle. */
export const widened = (blinds: readonly Blind[], leastUs: number): Blind[] =>
  united(
    blinds.map(({ fromUs, toUs }) => {
      const more = Math.max(0, leastUs - (toUs - fromUs)) / 2
      return { fromUs: fromUs - more, toUs: toUs + more }
    }),
  )

/** How many of them are over at a moment; they are in order. */
export function overBefore(blinds: readonly Blind[], atUs: number): number {
  let low = 0
  let high = blinds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blinds[middle] as Blind).toUs < atUs) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether a moment lies in one of them; they are in order. */
export function isIn(blinds: readonly Blind[], atUs: number): boolean {
  const next = blinds[overBefore(blinds, atUs)]
  return next !== undefined && next.fromUs <= atUs
}
