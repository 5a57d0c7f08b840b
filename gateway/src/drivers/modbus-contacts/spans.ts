/** Gaps up to this are read along, since one request is cheaper than two. */
const gap = 32
const mostBits = 2000

export interface Span {
  address: number
  count: number
}

/** The fewest reads that cover these addresses. Pure. */
export function spansOf(addresses: readonly number[]): Span[] {
  const spans: Span[] = []
  for (const address of [...new Set(addresses)].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    const near = last && address - (last.address + last.count) <= gap
    if (last && near && address - last.address < mostBits) last.count = address - last.address + 1
    else spans.push({ address, count: 1 })
  }
  return spans
}
