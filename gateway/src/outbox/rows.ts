import type { DatabaseSync } from 'node:sqlite'
import type { Lane } from '@lantai/contracts'

// Its own list: the worker that holds the store loads nothing of the contract at run time.
export const laneNames = ['alarm', 'custody', 'reads', 'telemetry'] as const satisfies Lane[]

/** How many records one lane may have under way; what may have been sent is never dropped nor changed. */
export const windowRows = 2000

export interface Row {
  seq: bigint
  lane: Lane
  prev: bigint
  at: bigint
  item: string
  crc: bigint
}

export interface Laned {
  last: bigint
  cursor: bigint
  /** Not acknowledged. */
  bytes: number
  count: number
  /** Highest seq that may have been sent. */
  sent: bigint
  /** Highest seq that was surely sent since this start. */
  sentHere: bigint
}

/** Every statement of the store, prepared once. */
export const statements = (db: DatabaseSync) => ({
  getMeta: db.prepare('SELECT value FROM meta WHERE key = ?'),
  setMeta: db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
  allState: db.prepare('SELECT key, value FROM state'),
  setState: db.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)'),
  dropState: db.prepare('DELETE FROM state WHERE key = ?'),
  getLane: db.prepare('SELECT last, cursor FROM lane WHERE lane = ?'),
  setLane: db.prepare('INSERT OR REPLACE INTO lane (lane, last, cursor) VALUES (?, ?, ?)'),
  insert: db.prepare(
    'INSERT INTO record (seq, lane, prev, at, key, crc, item) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ),
  update: db.prepare('UPDATE record SET prev = ?, crc = ?, item = ? WHERE seq = ?'),
  remove: db.prepare('DELETE FROM record WHERE seq = ?'),
  nextRow: db.prepare('SELECT * FROM record WHERE lane = ? AND seq > ? ORDER BY seq LIMIT 1'),
  page: db.prepare('SELECT * FROM record WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?'),
  sentMark: db.prepare(
    'SELECT seq FROM (SELECT seq FROM record WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?) ORDER BY seq DESC LIMIT 1',
  ),
  size: db.prepare(
    'SELECT count(*) AS n, coalesce(sum(octet_length(item)), 0) AS bytes FROM record WHERE lane = ? AND seq > ? AND seq <= ?',
  ),
  superseded: db.prepare(
    `SELECT * FROM (SELECT *, max(seq) OVER (PARTITION BY key) AS newest FROM record
      WHERE lane = 'alarm' AND key IS NOT NULL AND seq > ?1) WHERE seq < newest ORDER BY seq`,
  ),
  keptBytes: db.prepare(
    'SELECT coalesce(sum(octet_length(r.item)), 0) AS n FROM record r JOIN lane l USING (lane) WHERE r.seq <= l.cursor',
  ),
  addRelease: db.prepare('INSERT OR REPLACE INTO release (lane, upto, at) VALUES (?, ?, ?)'),
  oldReleases: db.prepare('SELECT lane, upto, at FROM release ORDER BY at, upto LIMIT 50'),
  dropRelease: db.prepare('DELETE FROM release WHERE lane = ? AND upto = ?'),
  dropReleasesAbove: db.prepare('DELETE FROM release WHERE lane = ? AND upto > ?'),
  removeUpto: db.prepare('DELETE FROM record WHERE lane = ? AND seq <= ?'),
  quarantine: db.prepare(
    'INSERT INTO quarantine (epoch, seq, lane, item, reason, at) VALUES (?, ?, ?, ?, ?, ?)',
  ),
  countQuarantine: db.prepare('SELECT count(*) AS n FROM quarantine'),
})
type Statements = ReturnType<typeof statements>

/** The lanes as the file knows them. */
export function loadLanes(sql: Statements): Record<Lane, Laned> {
  const one = (lane: Lane): Laned => {
    const row = sql.getLane.get(lane) as { last: bigint; cursor: bigint } | undefined
    const cursor = row?.cursor ?? 0n
    const size = sql.size.get(lane, cursor, 2n ** 63n - 1n) as { n: bigint; bytes: bigint }
    const sent = sql.sentMark.get(lane, cursor, BigInt(windowRows)) as { seq: bigint } | undefined
    return {
      last: row?.last ?? 0n,
      cursor,
      bytes: Number(size.bytes),
      count: Number(size.n),
      sent: sent?.seq ?? cursor,
      sentHere: 0n,
    }
  }
  return {
    alarm: one('alarm'),
    custody: one('custody'),
    reads: one('reads'),
    telemetry: one('telemetry'),
  }
}
