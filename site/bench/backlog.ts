/** What a gateway has recorded in a long time without its server: tags on the desk and air, half and half. */
import { randomUUID } from 'node:crypto'
import type { FactBody } from '@lantai/contracts'
import { openOutboxStore, outboxLimits } from '@lantai/gateway'
import { seeded } from './store.ts'

export type BacklogRecord =
  | { lane: 'reads'; type: 'lantai.sighting.v1'; body: FactBody<'lantai.sighting.v1'> }
  | { lane: 'telemetry'; type: 'lantai.readings.v1'; body: FactBody<'lantai.readings.v1'> }

/** Ten records a second: ten million are eleven days and a half. */
const everyMs = 100
const sensors = Array.from({ length: 8 }, (_, i) => `th-${i + 1}`)
const quantities: FactBody<'lantai.readings.v1'>['quantities'] = ['temperature', 'humidity']
const recordsPerCommit = 20_000
/** Of a record in the store; the quotas of both lanes hold twice that. */
const bytesPerRecord = 500

/** Record `i` of a backlog, which happened at `at`. */
function recordOf(i: number, at: Date, epcs: readonly string[]): BacklogRecord {
  const pick = seeded(i)
  if (i % 2 === 0) {
    const last = at.toISOString()
    const first = new Date(at.getTime() - 30_000).toISOString()
    const epc = epcs[(i / 2) % epcs.length] ?? ''
    const body = { reader: 'desk-1', antenna: 1, epc, first, last, count: 60, rssiMaxDbm: -48 }
    return { lane: 'reads', type: 'lantai.sighting.v1', body }
  }
  const rows = sensors.flatMap((_, s) => [
    [s, 0, 18 + pick(40) / 10, s * 20],
    [s, 1, 48 + pick(80) / 10, s * 20],
  ])
  return { lane: 'telemetry', type: 'lantai.readings.v1', body: { sensors, quantities, rows } }
}

/** `count` records that end at `end`, in the order in which they happened. */
export function* backlog(count: number, end: number, epcs: readonly string[]) {
  for (let i = 0; i < count; i++) {
    const at = new Date(end - (count - i) * everyMs)
    yield { at, record: recordOf(i, at, epcs) }
  }
}

/** Space that the gateway must be given for so many records. */
export const outboxMb = (count: number): number =>
  64 + Math.ceil((count * bytesPerRecord * 16) / (5 * 1024 * 1024))

function* inParts<T>(all: Iterable<T>) {
  let part: T[] = []
  for (const one of all) {
    part.push(one)
    if (part.length < recordsPerCommit) continue
    yield part
    part = []
  }
  yield part
}

/** Lays them into the store of a gateway that does not run, by the gateway's own code. Its last number of each lane. */
export function fill(dir: string, count: number, epcs: readonly string[]) {
  const boot = randomUUID()
  const clock = 'synced' as const
  const stamp = () => ({ nowMs: Date.now(), boot, monoUs: 0, clock })
  const store = openOutboxStore(dir, outboxLimits(outboxMb(count)), stamp)
  let mono = 0
  const insert = ({ at, record }: { at: Date; record: BacklogRecord }) => {
    mono += everyMs * 1000
    const { lane, type, body } = record
    const head = { type, subject: lane === 'reads' ? 'desk-1' : 'air-1' }
    const time = at.toISOString()
    const rest = JSON.stringify({ ...head, time, boot, mono, clock, data: body })
    store.insert({ lane, at: at.getTime(), key: null, rest })
  }
  for (const part of inParts(backlog(count, Date.now(), epcs)))
    store.transaction(() => part.forEach(insert))
  const last = { reads: store.lanes.reads.last, telemetry: store.lanes.telemetry.last }
  const bytes = store.lanes.reads.bytes + store.lanes.telemetry.bytes
  store.close()
  return { last, bytes }
}
