import type { EdgeRecord } from './parse.ts'

export interface StatedGap {
  first: bigint
  last: bigint
}

export interface Chain {
  /** At or below the cursor: taken before, to be compared by content. */
  known: EdgeRecord[]
  /** Above it, without a hole: to be taken now. */
  fresh: EdgeRecord[]
}

/**
 * Splits the records of a batch at the lane's cursor and follows `prev` from there (rule D10). Where a predecessor
 * is missing and no gap record explains it, the rest is left out: the ack's cursor makes the gateway rewind, so
 * that several servers behind one subscription cannot reorder a lane. A predecessor below the cursor is no hole: a
 * gateway that dropped what we had already taken, its ack lost, links over it.
 */
export function follow(
  records: readonly EdgeRecord[],
  cursor: bigint,
  gaps: readonly StatedGap[] = [],
): Chain {
  const known = records.filter((r) => r.seq <= cursor)
  const fresh: EdgeRecord[] = []
  let at = cursor
  for (const record of records.slice(known.length)) {
    if (record.prev > at && !explained(at, record.prev, gaps)) break
    fresh.push(record)
    at = record.seq
  }
  return { known, fresh }
}

/** A stated loss reaches from behind the cursor to the predecessor that will never come. */
const explained = (cursor: bigint, prev: bigint, gaps: readonly StatedGap[]) =>
  gaps.some((g) => g.first > cursor && g.last >= prev)
