import type { Lane } from '@lantai/contracts'
import { type Laned, laneNames, type Row } from './rows.ts'
import type { OutboxStore } from './store.ts'
import type { NewRecord, Put, Stored } from './types.ts'

export interface Call {
  records: NewRecord[]
  puts: Put[]
}

/** Beyond this part of its quota a lane is thinned down to, when its oldest must go. */
const keepAfterDrop = 0.95

/**
 * Commits a group of calls as one transaction (D3); each call is stored whole or not at all. The answers may
 * be given out as soon as this returns, and not before (D1).
 */
export function append(store: OutboxStore, calls: Call[]): Stored[] {
  return store.transaction(() => calls.map((call) => appendOne(store, call)))
}

function appendOne(store: OutboxStore, call: Call): Stored {
  const size: Record<Lane, number> = { alarm: 0, custody: 0, reads: 0, telemetry: 0 }
  for (const r of call.records) size[r.lane] += Buffer.byteLength(r.rest) + 40
  const refusing = laneNames.find((lane) => !hasRoom(store, lane, size[lane], call.records))
  if (refusing) {
    if (refusing === 'reads') noteRefused(store, call.records)
    return { stored: false, reason: 'full' }
  }
  if (size.telemetry > 0) dropOldest(store, size.telemetry)
  if (size.reads > 0) stateRefused(store)
  for (const r of call.records) store.insert(r)
  for (const p of call.puts) store.put(p)
  if (size.alarm > 0) coalesce(store)
  return { stored: true }
}

/** Policy per lane when its quota is used up (reliability 2.4). */
function hasRoom(store: OutboxStore, lane: Lane, bytes: number, records: NewRecord[]): boolean {
  if (bytes === 0) return true
  const used = store.lanes[lane].bytes + bytes
  const quota = store.limits.quota[lane]
  switch (lane) {
    case 'alarm':
    case 'telemetry':
      return true
    case 'reads':
      return used <= quota
    case 'custody': {
      const refusable = records.some((r) => r.lane === 'custody' && !r.reserve)
      return used <= quota + (refusable ? 0 : store.limits.reserve)
    }
  }
}

/** Records behind this one are neither acknowledged nor possibly under way. */
function touchable(lane: Laned): bigint {
  if (lane.sent > lane.cursor) return lane.sent
  return lane.cursor
}

/** `telemetry`: the oldest goes, with a gap record in the same transaction (G4). */
function dropOldest(store: OutboxStore, coming: number) {
  const lane = store.lanes.telemetry
  const quota = store.limits.quota.telemetry
  if (lane.bytes + coming <= quota) return
  const goal = quota * keepAfterDrop - coming
  const rows: Row[] = []
  let left = lane.bytes
  let after = touchable(lane)
  while (left > goal) {
    const page = store.sql.page.all('telemetry', after, 500n) as unknown as Row[]
    if (page.length === 0) break
    for (const r of page) {
      if (left <= goal) break
      rows.push(r)
      left -= Buffer.byteLength(r.item)
      after = r.seq
    }
  }
  store.drop('telemetry', rows, 'quota')
}

/** `alarm`: the present state of every point stays; transitions between may coalesce (G4). */
function coalesce(store: OutboxStore) {
  const lane = store.lanes.alarm
  if (lane.bytes <= store.limits.quota.alarm) return
  store.drop('alarm', store.sql.superseded.all(touchable(lane)) as unknown as Row[], 'quota')
}

interface Refused {
  count: number
  from: number
  to: number
}
const refusedKey = 'refused.reads'

/** `reads`: refused at the source. What was refused is counted on disk until it can be stated. */
function noteRefused(store: OutboxStore, records: NewRecord[]) {
  const times = records.filter((r) => r.lane === 'reads').map((r) => r.at)
  const old = JSON.parse(store.meta(refusedKey) ?? 'null') as Refused | null
  const sum: Refused = {
    count: (old?.count ?? 0) + times.length,
    from: Math.min(old?.from ?? Number.POSITIVE_INFINITY, ...times),
    to: Math.max(old?.to ?? 0, ...times),
  }
  store.setMeta(refusedKey, JSON.stringify(sum))
}

function stateRefused(store: OutboxStore) {
  const refused = JSON.parse(store.meta(refusedKey) ?? 'null') as Refused | null
  if (!refused) return
  store.gap({
    lane: 'reads',
    firstSeq: null,
    lastSeq: null,
    from: new Date(refused.from).toISOString(),
    to: new Date(refused.to).toISOString(),
    count: refused.count,
    reason: 'quota',
    device: null,
  })
  store.setMeta(refusedKey, 'null')
}
