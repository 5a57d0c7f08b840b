import { DatabaseSync } from 'node:sqlite'

/**
 * What durability rests on. Each is set and then read back: a default is not a decision, and a pragma that
 * does not take is silent (D3, D4). `exclusive` keeps a second gateway off the same store.
 */
const pragmas = [
  ['locking_mode', 'EXCLUSIVE', 'exclusive'],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2n],
  ['fullfsync', '1', 1n],
  ['checkpoint_fullfsync', '1', 1n],
  ['trusted_schema', '0', 0n],
] as const

export class NotDurable extends Error {}

/** Opens a database file, with integers as BigInt, or throws `NotDurable` naming the pragma that did not take. */
export function openDurable(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readBigInts: true })
  try {
    for (const [name, value, expected] of pragmas) {
      db.exec(`PRAGMA ${name}=${value}`)
      const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, unknown> | undefined
      const got = row ? Object.values(row)[0] : undefined
      if (got !== expected) throw new NotDurable(`${path}: ${name} is ${got}, not ${expected} (D4)`)
    }
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

export const schema = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS lane (
    lane TEXT PRIMARY KEY, last INTEGER NOT NULL, cursor INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY, lane TEXT NOT NULL, prev INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT,
    crc INTEGER NOT NULL, item TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS record_lane ON record (lane, seq);
  CREATE TABLE IF NOT EXISTS release (
    lane TEXT NOT NULL, upto INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (lane, upto)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarantine (
    epoch TEXT NOT NULL, seq INTEGER NOT NULL, lane TEXT NOT NULL, item BLOB NOT NULL, reason TEXT NOT NULL,
    at INTEGER NOT NULL) STRICT;
`
