import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checksum } from './item.ts'
import { laneNames, type Row } from './rows.ts'
import { bringUp, openDurable, refuseNewer } from './sqlite.ts'
import { OutboxStore, type Stamp } from './store.ts'
import { type Limits, stateLostKey } from './types.ts'

/** Numbers that a lost tail may have used are jumped over, so that none is given out twice (D7). */
const salvageStride = 1n << 20n

/**
 * Opens the store of a data directory, made on first use. After an unclean end everything is copied into a
 * fresh file and synced, because the page cache may show what the disk never got; then the integrity check
 * and every checksum (reliability 2.3). A damaged file is kept beside, and what is readable is carried over.
 */
export function openStore(dir: string, limits: Limits, stamp: Stamp): OutboxStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'outbox.db')
  rmSync(freshName(path), { force: true })
  if (existsSync(path)) mend(path, stamp)
  const db = openDurable(path)
  bringUp(db)
  syncDirectory(dir)
  const store = new OutboxStore(db, limits, stamp)
  store.transaction(() => {
    if (!store.epoch) store.epoch = randomUUID()
    store.setMeta('clean', '0')
    verify(store)
  })
  return store
}

const freshName = (path: string) => `${path}.fresh`

/** The directory entry of a new file is durable only after this; SQLite does not report its own failure. */
export function syncDirectory(dir: string) {
  const fd = openSync(dir, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function mend(path: string, stamp: Stamp) {
  const found = inspect(path)
  if (found === 'clean') return
  if (found === 'unclean') copyFresh(path)
  else salvage(path, stamp)
}

function inspect(path: string): 'clean' | 'unclean' | 'damaged' {
  let db: DatabaseSync | null = null
  try {
    db = openDurable(path)
    refuseNewer(db, path)
    const check = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string }
    if (check.integrity_check !== 'ok') return 'damaged'
    bringUp(db)
    const clean = db.prepare("SELECT value FROM meta WHERE key = 'clean'").get() as
      | { value: string }
      | undefined
    return clean?.value === '1' ? 'clean' : 'unclean'
  } catch (error) {
    if (isDamage(error)) return 'damaged'
    throw error
  } finally {
    db?.close()
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB; anything else (locked, no permission, I/O) is not ours to mend. */
const isDamage = (error: unknown) =>
  [11, 26].includes(Number((error as { errcode?: unknown }).errcode) & 0xff)

function copyFresh(path: string) {
  const fresh = freshName(path)
  const db = openDurable(path)
  try {
    db.prepare('VACUUM INTO ?').run(fresh)
  } finally {
    db.close()
  }
  // A write-ahead log that outlived its file would be played into the new one.
  if (existsSync(`${path}-wal`)) return rmSync(fresh)
  replace(path, fresh)
}

function replace(path: string, fresh: string) {
  const fd = openSync(fresh, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(fresh, path)
  syncDirectory(dirname(path))
}

function salvage(path: string, stamp: Stamp) {
  const kept = `${path}.damaged-${Math.round(stamp().nowMs)}`
  renameSync(path, kept)
  for (const tail of ['-wal', '-shm'])
    if (existsSync(path + tail)) renameSync(path + tail, kept + tail)
  const fresh = openDurable(freshName(path))
  bringUp(fresh)
  fresh.exec('BEGIN')
  fresh.prepare("INSERT INTO meta VALUES ('salvaged', '1')").run()
  fresh.prepare('INSERT INTO state VALUES (?, ?)').run(stateLostKey, 'true')
  try {
    const old = new DatabaseSync(kept, { readBigInts: true })
    for (const table of ['meta', 'state', 'lane', 'release', 'quarantine', 'record'])
      carry(old, fresh, table)
    old.close()
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  const top = fresh.prepare('SELECT coalesce(max(seq), 0) AS n FROM record').get() as { n: bigint }
  const next = fresh.prepare("SELECT value FROM meta WHERE key = 'next'").get() as
    | { value: string }
    | undefined
  const known = BigInt(next?.value ?? '1')
  const beyond = (top.n >= known ? top.n + 1n : known) + salvageStride
  fresh.prepare("INSERT OR REPLACE INTO meta VALUES ('next', ?)").run(String(beyond))
  fresh.exec('COMMIT')
  fresh.close()
  replace(path, freshName(path))
}

/** Carries over the rows that can be read: from the front until damage, then from the back until damage. */
function carry(old: DatabaseSync, fresh: DatabaseSync, table: string) {
  for (const order of ['ASC', 'DESC']) {
    try {
      const key = { record: 'seq', quarantine: 'rowid' }[table] ?? '1'
      for (const row of old.prepare(`SELECT * FROM ${table} ORDER BY ${key} ${order}`).iterate()) {
        const names = Object.keys(row as object)
        fresh
          .prepare(
            `INSERT OR IGNORE INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`,
          )
          .run(...(Object.values(row as object) as bigint[]))
      }
      return
    } catch (error) {
      if (!isDamage(error)) throw error
    }
  }
}

/** Every unacknowledged record against its checksum (D11), and lost numbers of a salvaged file stated. */
function verify(store: OutboxStore) {
  for (const lane of laneNames) {
    const bad: Row[] = []
    let after = store.lanes[lane].cursor
    for (;;) {
      const page = store.sql.page.all(lane, after, 500n) as unknown as Row[]
      const last = page.at(-1)
      if (!last) break
      bad.push(...page.filter((r) => checksum(r.item) !== Number(r.crc)))
      after = last.seq
    }
    if (bad.length > 0) store.quarantine(lane, bad)
  }
  // A value that is no JSON any more cannot be read as a latch that is not set.
  if (store.db.prepare('DELETE FROM state WHERE NOT json_valid(value)').run().changes > 0)
    store.put({ key: stateLostKey, value: 'true' })
  if (store.meta('salvaged') !== '1') return
  relinkSalvaged(store)
  store.setMeta('salvaged', '0')
}

/** After salvage the chain of each lane follows what is left, and one gap per lane says that more is gone. */
function relinkSalvaged(store: OutboxStore) {
  for (const lane of laneNames) {
    const l = store.lanes[lane]
    let prev = l.cursor
    for (const row of store.sql.page.all(lane, l.cursor, -1n) as unknown as Row[]) {
      if (row.prev !== prev) store.relink(row, prev)
      prev = row.seq
    }
    l.last = prev
    store.gap({
      lane,
      firstSeq: null,
      lastSeq: null,
      from: null,
      to: new Date(store.stamp().nowMs).toISOString(),
      count: 0,
      reason: 'corrupt',
      device: null,
    })
  }
}
