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

/** The store was written by a newer gateway, whose tables this one does not know: it is left as it is. */
export class StoreTooNew extends Error {}

const storeVersionOf = (db: DatabaseSync): number =>
  Number(Object.values(db.prepare('PRAGMA user_version').get() as object)[0])

/** Before anything else is done with a file. Throws `StoreTooNew`. */
export function refuseNewer(db: DatabaseSync, path: string) {
  const version = storeVersionOf(db)
  if (version <= migrations.length) return
  throw new StoreTooNew(
    `${path} is a store of version ${version}; this gateway knows up to ${migrations.length}: start the newer gateway again`,
  )
}

/** Brings the tables to the version of this gateway, each step whole or not at all; records are never rewritten. */
export function bringUp(db: DatabaseSync) {
  for (let version = storeVersionOf(db); version < migrations.length; version++) {
    db.exec('BEGIN IMMEDIATE')
    db.exec(migrations[version] ?? '')
    db.exec(`PRAGMA user_version=${version + 1}`)
    db.exec('COMMIT')
  }
}

/** Stores from before versions were counted have these tables already. */
const first = `
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

/** From each version to the next; only ever appended to. */
const migrations: readonly string[] = [first]
