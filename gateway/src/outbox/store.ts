import type { DatabaseSync } from 'node:sqlite'
import type { FactBody, Lane } from '@lantai/contracts'
import { checksum, type GapStamp, gapOf, gapRest, itemText, withPrev } from './item.ts'
import { type Laned, laneNames, loadLanes, type Row, statements } from './rows.ts'
import type { Limits, NewRecord, OutboxStatus, Page, Put } from './types.ts'

/** Boot id, clock quality and times for the records that the store writes by itself. */
export type Stamp = () => GapStamp

/**
 * The store of facts on disk: numbered, checked, released only by the server's ack. Synchronous; it lives in
 * a worker of its own. Any error of a commit leaves by exception and must end the process: after a failed
 * fsync the next commits may seem to succeed (reliability 2.3), so nothing here is ever tried again.
 */
export class OutboxStore {
  readonly db: DatabaseSync
  readonly limits: Limits
  readonly stamp: Stamp
  readonly sql: ReturnType<typeof statements>
  lanes: Record<Lane, Laned>
  epoch: string
  next: bigint
  /** `next` as it was at this start: lower numbers may be at the server already. */
  found: bigint
  /** Bytes of acknowledged records that are kept for the grace time. */
  kept: number

  constructor(db: DatabaseSync, limits: Limits, stamp: Stamp) {
    this.db = db
    this.limits = limits
    this.stamp = stamp
    this.sql = statements(db)
    this.epoch = this.meta('epoch') ?? ''
    this.next = BigInt(this.meta('next') ?? '1')
    this.found = this.next
    this.lanes = loadLanes(this.sql)
    this.kept = Number((this.sql.keptBytes.get() as { n: bigint }).n)
  }

  meta(key: string): string | null {
    const row = this.sql.getMeta.get(key) as { value: string } | undefined
    return row?.value ?? null
  }
  setMeta(key: string, value: string) {
    this.sql.setMeta.run(key, value)
  }

  /** All or nothing, and on disk when it returns (D1, D3). */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE')
    const result = work()
    // D5: counters are persisted in the transaction of the records that they number.
    this.setMeta('epoch', this.epoch)
    this.setMeta('next', String(this.next))
    for (const lane of laneNames) {
      const l = this.lanes[lane]
      this.sql.setLane.run(lane, l.last, l.cursor)
    }
    this.db.exec('COMMIT')
    return result
  }

  /** Numbers one record and writes it; only inside a transaction. */
  insert(r: Pick<NewRecord, 'lane' | 'at' | 'key' | 'rest'>) {
    const lane = this.lanes[r.lane]
    const seq = this.next++
    const item = itemText(seq, lane.last, r.rest)
    this.sql.insert.run(seq, r.lane, lane.last, Math.round(r.at), r.key, checksum(item), item)
    lane.last = seq
    lane.bytes += Buffer.byteLength(item)
    lane.count++
  }

  put(p: Put) {
    if (p.value === null) this.sql.dropState.run(p.key)
    else this.sql.setState.run(p.key, p.value)
  }

  state(): Record<string, string> {
    const rows = this.sql.allState.all() as { key: string; value: string }[]
    return Object.fromEntries(rows.map((r) => [r.key, r.value]))
  }

  /** States a loss in the transaction that makes it (G4). */
  gap(body: FactBody<'lantai.gap.v1'>) {
    const stamp = this.stamp()
    this.insert({ lane: 'alarm', at: stamp.nowMs, key: null, rest: gapRest(stamp, body) })
  }

  /**
   * Removes unacknowledged records of one lane with the record that states the loss, and ties the chain of
   * `prev` together again, because the server stores nothing behind a predecessor that it never had (D10).
   */
  drop(lane: Lane, rows: Row[], reason: FactBody<'lantai.gap.v1'>['reason']) {
    if (rows.length === 0) return
    const gone = new Map(rows.map((r) => [r.seq, r.prev]))
    const resolve = (seq: bigint): bigint => {
      let at = seq
      for (let prev = gone.get(at); prev !== undefined; prev = gone.get(at)) at = prev
      return at
    }
    const l = this.lanes[lane]
    for (const r of rows) {
      this.sql.remove.run(r.seq)
      if (r.seq <= l.cursor) continue
      l.bytes -= Buffer.byteLength(r.item)
      l.count--
    }
    for (const r of rows) {
      const after = this.sql.nextRow.get(lane, r.seq) as unknown as Row | undefined
      if (after && after.prev === r.seq) this.relink(after, resolve(r.seq))
    }
    l.last = resolve(l.last)
    this.gap(gapOf(lane, rows, reason))
  }

  relink(row: Row, prev: bigint) {
    const item = withPrev(row.item, prev)
    this.lanes[row.lane].bytes += Buffer.byteLength(item) - Buffer.byteLength(row.item)
    this.sql.update.run(prev, checksum(item), item, row.seq)
  }

  /** A record whose checksum is wrong: kept apart, its lane goes on without it, and the loss is stated (D11). */
  quarantine(lane: Lane, rows: Row[]) {
    for (const r of rows)
      this.sql.quarantine.run(
        this.epoch,
        r.seq,
        lane,
        Buffer.from(r.item),
        'checksum',
        this.stamp().nowMs,
      )
    this.drop(lane, rows, 'corrupt')
  }

  /** Items of a lane behind `after`, whole batches of at most so many and so large; checked as they are read. */
  read(lane: Lane, after: bigint, maxItems: number, maxBytes: number): Page {
    const rows = this.sql.page.all(lane, after, BigInt(maxItems)) as unknown as Row[]
    const bad = rows.filter((r) => checksum(r.item) !== Number(r.crc))
    if (bad.length > 0) {
      this.transaction(() => this.quarantine(lane, bad))
      return this.read(lane, after, maxItems, maxBytes)
    }
    const items: string[] = []
    let bytes = 0
    for (const r of rows) {
      const size = Buffer.byteLength(r.item) + 1
      if (items.length > 0 && bytes + size > maxBytes) break
      bytes += size
      items.push(r.item)
    }
    const last = rows[items.length - 1]?.seq ?? null
    const l = this.lanes[lane]
    if (last !== null && last > l.sent) l.sent = last
    if (last !== null && last > l.sentHere) l.sentHere = last
    return { items, last: last === null ? null : String(last), bytes }
  }

  status(): OutboxStatus {
    const lanes = {} as OutboxStatus['lanes']
    for (const lane of laneNames) {
      const l = this.lanes[lane]
      const oldest = this.sql.nextRow.get(lane, l.cursor) as unknown as Row | undefined
      lanes[lane] = {
        count: l.count,
        bytes: l.bytes,
        quota: this.limits.quota[lane],
        oldestAt: oldest ? Number(oldest.at) : null,
        last: String(l.last),
        cursor: String(l.cursor),
      }
    }
    const quarantined = Number((this.sql.countQuarantine.get() as { n: bigint }).n)
    return { epoch: this.epoch, lastSeq: String(this.next - 1n), lanes, quarantined }
  }

  /** Ends in order; the next start need not doubt what it finds. */
  close() {
    this.transaction(() => this.setMeta('clean', '1'))
    this.db.close()
  }
}
