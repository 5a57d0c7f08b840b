import { randomUUID } from 'node:crypto'
import type { Lane } from '@lantai/contracts'
import { gapOf, restOf } from './item.ts'
import { laneNames, loadLanes, type Row } from './rows.ts'
import type { OutboxStore } from './store.ts'
import type { AckOutcome, Cursors } from './types.ts'

/**
 * Takes the server's cursors. Forward releases (D8); back means that the server lost what it had, and we send
 * again from there (D15). A number that we gave since this start and have not sent can only come from another
 * copy of our store: taken as an ack, it would release what the server never had (D14).
 */
export function acknowledge(store: OutboxStore, epoch: string, cursors: Cursors): AckOutcome {
  if (epoch !== store.epoch) return 'unchanged'
  const named = laneNames.map((lane) => ({ lane, cursor: BigInt(cursors[lane]) }))
  const unsent = (n: { lane: Lane; cursor: bigint }) =>
    n.cursor >= store.found && n.cursor > store.lanes[n.lane].sentHere
  if (named.some(unsent)) {
    store.transaction(() => renew(store))
    return 'new-epoch'
  }
  const forward = named.filter((n) => n.cursor > store.lanes[n.lane].cursor)
  const back = named.filter((n) => n.cursor < store.lanes[n.lane].cursor)
  if (forward.length + back.length === 0) return 'unchanged'
  store.transaction(() => {
    for (const n of forward) release(store, n.lane, n.cursor)
    for (const n of back) rewind(store, n.lane, n.cursor)
    prune(store)
  })
  return back.length > 0 ? 'rewound' : 'released'
}

function release(store: OutboxStore, lane: Lane, cursor: bigint) {
  const l = store.lanes[lane]
  const size = store.sql.size.get(lane, l.cursor, cursor) as { n: bigint; bytes: bigint }
  l.count -= Number(size.n)
  l.bytes -= Number(size.bytes)
  l.cursor = cursor
  if (l.sent < cursor) l.sent = cursor
  store.kept += Number(size.bytes)
  store.sql.addRelease.run(lane, cursor, Math.round(store.stamp().nowMs))
}

function rewind(store: OutboxStore, lane: Lane, cursor: bigint) {
  const l = store.lanes[lane]
  const size = store.sql.size.get(lane, cursor, l.cursor) as { n: bigint; bytes: bigint }
  l.count += Number(size.n)
  l.bytes += Number(size.bytes)
  store.kept -= Number(size.bytes)
  l.cursor = cursor
  store.sql.dropReleasesAbove.run(lane, cursor)
  const oldest = store.sql.nextRow.get(lane, cursor) as unknown as Row | undefined
  const missingUpto = oldest ? oldest.prev : l.last
  if (missingUpto <= cursor) return
  // What lay between was acknowledged once and has left since: it is stated, and the chain tied together.
  if (oldest) store.relink(oldest, cursor)
  else l.last = cursor
  store.gap({
    lane,
    firstSeq: String(cursor + 1n),
    lastSeq: String(missingUpto),
    from: null,
    to: null,
    // At most: seq is dense over all lanes, and how many of these were of this lane is no longer known.
    count: Number(missingUpto - cursor),
    reason: 'quota',
    device: null,
  })
}

/** Acknowledged records leave after the grace time, and earlier when space is short (D15). */
export function prune(store: OutboxStore) {
  const { graceMs, graceBytes } = store.limits
  const now = store.stamp().nowMs
  const releases = store.sql.oldReleases.all() as { lane: Lane; upto: bigint; at: bigint }[]
  for (const r of releases) {
    if (Number(r.at) > now - graceMs && store.kept <= graceBytes) return
    const size = store.sql.size.get(r.lane, 0n, r.upto) as { bytes: bigint }
    store.sql.removeUpto.run(r.lane, r.upto)
    store.sql.dropRelease.run(r.lane, r.upto)
    store.kept -= Number(size.bytes)
  }
}

/**
 * A new epoch in the same file. What this boot recorded is surely new and is numbered again; unacknowledged
 * records of earlier boots may be at the server already under the same numbers, so they go to quarantine
 * with a gap record, where a person can look at them: neither lost nor taken twice.
 */
export function renew(store: OutboxStore) {
  const { boot } = store.stamp()
  const open: Row[] = []
  for (const lane of laneNames)
    open.push(...(store.sql.page.all(lane, store.lanes[lane].cursor, -1n) as unknown as Row[]))
  open.sort((a, b) => (a.seq < b.seq ? -1 : 1))
  const ofThisBoot = (r: Row) => (JSON.parse(r.item) as { boot?: string }).boot === boot
  const doubtful = open.filter((r) => !ofThisBoot(r))
  for (const r of doubtful)
    store.sql.quarantine.run(
      store.epoch,
      r.seq,
      r.lane,
      Buffer.from(r.item),
      'old copy',
      store.stamp().nowMs,
    )
  store.db.exec('DELETE FROM record; DELETE FROM release; DELETE FROM lane')
  store.epoch = randomUUID()
  store.next = 1n
  store.found = 1n
  store.lanes = loadLanes(store.sql)
  store.kept = 0
  for (const lane of laneNames) {
    const rows = doubtful.filter((r) => r.lane === lane)
    if (rows.length > 0) store.gap(gapOf(lane, rows, 'corrupt'))
  }
  for (const r of open.filter(ofThisBoot))
    store.insert({ lane: r.lane, at: Number(r.at), key: keyOf(r), rest: restOf(r.item) })
}

const keyOf = (r: Row) => (r as Row & { key: string | null }).key
