import { createHash } from 'node:crypto'
import {
  Batch,
  BatchItem,
  type ClockQuality,
  type FactBody,
  type FactType,
  facts,
  isStorable,
  type Lane,
  Seq,
} from '@lantai/contracts'
import { Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

export interface GoodRecord<T extends FactType = FactType> {
  good: true
  seq: bigint
  prev: bigint
  hash: Buffer
  type: T
  at: Date
  /** Of the gateway's process, and its monotonic microseconds: what `at` is corrected by where `clock` is in doubt (G7). */
  boot: string
  mono: number
  clock: ClockQuality
  body: FactBody<T>
}
/** A record that names its place in the lane but cannot be understood: poison (rule D11). */
export interface PoisonRecord {
  good: false
  seq: bigint
  prev: bigint
  hash: Buffer
  detail: string
  raw: Buffer
}
export type EdgeRecord = GoodRecord | PoisonRecord

export type Parsed =
  | { ok: true; epoch: string; lane: Lane; records: EdgeRecord[] }
  | { ok: false; detail: string }

const batch = Compile(Batch)
const item = Compile(BatchItem)
// The frame of a batch whose records are not all well-formed: enough to know where each of them stands.
const frame = Compile(
  Type.Object({
    data: Type.Object({
      epoch: Batch.properties.data.properties.epoch,
      lane: Batch.properties.data.properties.lane,
      items: Type.Array(Type.Object({ seq: Seq, prev: Seq }), { minItems: 1, maxItems: 500 }),
    }),
  }),
)
const bodies = new Map<string, { lane: Lane; body: Validator }>(
  Object.entries(facts).map(([type, fact]) => [
    type,
    { lane: fact.lane, body: Compile(fact.body) },
  ]),
)

/** One pass over a message: JSON, frame, then each record. Compiled once, at load. */
export function parseBatch(bytes: Buffer): Parsed {
  const message = parseJson(bytes)
  if (message === undefined) return { ok: false, detail: 'not JSON' }
  const whole = batch.Check(message)
  if (!whole && !frame.Check(message)) return { ok: false, detail: firstError(batch, message) }
  const { epoch, lane, items } = (message as Batch).data
  const records = items.map((i) => read(i, lane))
  for (let i = 1; i < records.length; i++)
    if ((records[i] as EdgeRecord).seq <= (records[i - 1] as EdgeRecord).seq)
      return { ok: false, detail: 'seq does not rise within the batch' }
  return { ok: true, epoch, lane, records }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

function read(i: BatchItem, lane: Lane): EdgeRecord {
  const place = { seq: BigInt(i.seq), prev: BigInt(i.prev) }
  const fact = bodies.get(i.type)
  const wrong = faultOf(i, fact, lane)
  if (wrong !== null || !fact) {
    const raw = Buffer.from(JSON.stringify(i))
    return { good: false, ...place, hash: digest(raw), detail: wrong ?? 'unknown type', raw }
  }
  return {
    good: true,
    ...place,
    hash: contentHash(i),
    type: i.type as FactType,
    at: new Date(i.time),
    boot: i.boot,
    mono: i.mono,
    clock: i.clock,
    body: i.data as FactBody<FactType>,
  }
}

function faultOf(
  i: BatchItem,
  fact: { lane: Lane; body: Validator } | undefined,
  lane: Lane,
): string | null {
  if (!item.Check(i)) return firstError(item, i)
  if (BigInt(i.prev) >= BigInt(i.seq)) return '/prev is not below /seq'
  if (!fact) return '/type is not known'
  if (fact.lane !== lane) return `/type belongs to lane ${fact.lane}`
  // PostgreSQL has no year 0.
  if (Number.isNaN(Date.parse(i.time)) || i.time.startsWith('0000')) return '/time is no instant'
  if (!fact.body.Check(i.data)) return `/data${firstError(fact.body, i.data)}`
  // It would fail the ledger at the end of the transaction, where no record can be told from its batch (rule D11).
  return isStorable([i.subject, i.data]) ? null : '/data holds text that cannot be stored'
}

/**
 * What makes a record itself. `prev` is not part of it: a gateway that had to drop the predecessor names another
 * one; nor is `clock`, which may be judged again.
 */
const contentHash = (i: BatchItem): Buffer =>
  digest(JSON.stringify([i.type, i.subject, i.time, i.boot, i.mono, i.data]))

const digest = (content: string | Buffer) => createHash('sha256').update(content).digest()

const firstError = (validator: Validator, value: unknown): string => {
  const [e] = validator.Errors(value)
  return e ? `${e.instancePath} ${e.message}`.slice(0, 200) : 'does not fit its schema'
}
