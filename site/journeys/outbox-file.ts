/** What a gateway made durable, read from its own database file: the one side of every "exactly once". */
import { DatabaseSync } from 'node:sqlite'
import type { Lane } from '@lantai/contracts'

export interface MadeRecord {
  readonly seq: bigint
  readonly lane: Lane
  readonly prev: bigint
  readonly type: string
  readonly time: string
  /** What makes the record itself, in the order in which the server hashes it (rule D7). */
  readonly content: string
  readonly data: Record<string, unknown>
}
export interface Made {
  readonly epoch: string
  /** The number that the next record would get. */
  readonly next: bigint
  readonly records: readonly MadeRecord[]
  /** Records that were kept apart because their checksum was wrong. */
  readonly quarantined: number
}

interface Item {
  type: string
  subject: string
  time: string
  boot: string
  mono: number
  data: Record<string, unknown>
}

/**
 * Reads the file of a gateway that does not run (it holds its file alone). Acknowledged records are still there:
 * they stay for 24 h (rule D15).
 */
export function readOutbox(path: string): Made {
  const db = new DatabaseSync(path, { readOnly: true, readBigInts: true })
  try {
    const meta = (key: string) =>
      (db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: string }).value
    const rows = db.prepare('SELECT seq, lane, prev, item FROM record ORDER BY seq').all()
    const kept = db.prepare('SELECT count(*) AS n FROM quarantine').get() as { n: bigint }
    return {
      epoch: meta('epoch'),
      next: BigInt(meta('next')),
      records: (rows as unknown as Row[]).map(recordOf),
      quarantined: Number(kept.n),
    }
  } finally {
    db.close()
  }
}

interface Row {
  seq: bigint
  lane: Lane
  prev: bigint
  item: string
}

function recordOf({ seq, lane, prev, item }: Row): MadeRecord {
  const { type, subject, time, boot, mono, data } = JSON.parse(item) as Item
  const content = JSON.stringify([type, subject, time, boot, mono, data])
  return { seq, lane, prev, type, time, content, data }
}

/** Bodies of the records of one type. */
export const bodies = <T>(made: Made, type: string): T[] =>
  made.records.filter((r) => r.type === type).map((r) => r.data as T)
