import type { Lane, Reject } from '@lantai/contracts'
import type { Static } from 'typebox'
import type { Context } from '../context.ts'
import { raiseServerCondition } from '../features/alarms/alarms.ts'
import { publishHealth } from '../features/gateways/views.ts'
import { retime } from '../features/retiming/retiming.ts'
import type { Work } from '../work.ts'
import { applyCarefully, applyRecords, isPassing } from './apply.ts'
import { follow } from './chain.ts'
import { ackOf, openStore, whereGateway } from './epoch.ts'
import { type EdgeRecord, type GoodRecord, type Parsed, parseBatch } from './parse.ts'
import {
  type Cursors,
  type EdgeKey,
  hold,
  insertInbox,
  knownHashes,
  lockCursor,
  moveCursor,
  quarantine,
  statedGaps,
} from './store.ts'

type Rejected = Static<typeof Reject>['rejected'][number]

export type Outcome =
  | { kind: 'stored'; applied: number; cursors: Cursors; rejected: Rejected[] }
  | { kind: 'refused'; rejected: Rejected[] }
  | { kind: 'malformed'; detail: string }

interface GoodBatch {
  epoch: string
  lane: Lane
  records: EdgeRecord[]
}

/**
 * One batch of one gateway, exactly once, in one transaction (devices 2; rules D6, D7, D10, D11, D14). Answers over
 * the downlink only after COMMIT (rules D1, D8). Throws when the database could not take it: then nothing happened
 * or nobody knows, no answer is sent, and the gateway sends again (rule D16).
 */
export async function ingestBatch(
  ctx: Context,
  gateway: string,
  bytes: Buffer,
  parsed: Parsed = parseBatch(bytes),
): Promise<Outcome> {
  if (!parsed.ok) return await keepMalformed(ctx, gateway, bytes, parsed.detail)
  const k = { site: ctx.site, gateway, epoch: parsed.epoch }
  const outcome = await storeBatch(ctx, k, parsed)
  ctx.metrics.batches.inc({ outcome: outcome.kind })
  if (outcome.kind === 'malformed') return outcome
  await answer(ctx, k, outcome)
  return outcome
}

/** An answer that cannot be sent changes nothing: the gateway sends again and is answered then. */
async function answer(ctx: Context, k: EdgeKey, o: Exclude<Outcome, { kind: 'malformed' }>) {
  try {
    if (o.rejected.length > 0)
      await ctx.mqtt.reject(k.gateway, { epoch: k.epoch, rejected: o.rejected })
    if (o.kind === 'stored') await ctx.mqtt.ack(k.gateway, ackOf(ctx, k.epoch, o.cursors))
  } catch (err) {
    ctx.log.warn({ err, gateway: k.gateway }, 'stored, but the answer could not be sent')
  }
}

async function storeBatch(ctx: Context, k: EdgeKey, batch: GoodBatch): Promise<Outcome> {
  try {
    return await ctx.write((work) => store(ctx, work, k, batch, false))
  } catch (error) {
    if (isPassing(error)) throw error
    ctx.log.error(
      { err: error, gateway: k.gateway, lane: batch.lane },
      'batch taken record by record',
    )
    return await ctx.write((work) => store(ctx, work, k, batch, true))
  }
}

async function store(
  ctx: Context,
  work: Work,
  k: EdgeKey,
  batch: GoodBatch,
  carefully: boolean,
): Promise<Outcome> {
  const locked = (await lockCursor(work.trx, k)) ?? (await openStore(work, k))
  if (locked.fenced) return refused(batch, 'edge-fenced', 'this store was replaced by a newer one')
  if (locked.held) return refused(batch, 'edge-held', 'held until a person decides')
  const cursor = locked.cursors[batch.lane]
  const chain = await followChain(work, k, batch, cursor)
  const forked = await otherContent(work, k, chain.known)
  if (forked) return await holdFork(work, k, batch, forked)
  const last = chain.fresh.at(-1)
  if (!last) return { kind: 'stored', applied: 0, cursors: locked.cursors, rejected: [] }
  const inserted = await insertInbox(work.trx, k, batch.lane, chain.fresh, work.now)
  const taken = chain.fresh.filter((r) => inserted.has(r.seq))
  const rejected = await takeEffect(ctx, work, k, batch.lane, taken, carefully)
  await moveCursor(work.trx, k, batch.lane, last.seq)
  const cursors = { ...locked.cursors, [batch.lane]: last.seq }
  return { kind: 'stored', applied: taken.length - rejected.length, cursors, rejected }
}

async function followChain(work: Work, k: EdgeKey, batch: GoodBatch, cursor: bigint) {
  const first = batch.records.find((r) => r.seq > cursor)
  const hole = first !== undefined && first.prev > cursor
  const gaps = hole ? await statedGaps(work.trx, k, batch.lane, cursor) : []
  return follow(batch.records, cursor, gaps)
}

/** Rule D7: a key proves identity only if the content agrees. */
async function otherContent(work: Work, k: EdgeKey, known: EdgeRecord[]) {
  if (known.length === 0) return undefined
  const hashes = await knownHashes(
    work.trx,
    k,
    known.map((r) => r.seq),
  )
  return known.find((r) => hashes.get(r.seq)?.equals(r.hash) === false)
}

async function takeEffect(
  ctx: Context,
  work: Work,
  k: EdgeKey,
  lane: Lane,
  taken: EdgeRecord[],
  carefully: boolean,
): Promise<Rejected[]> {
  const good = taken.filter((r): r is GoodRecord => r.good)
  const failed = carefully ? await applyCarefully(ctx, work, k, good) : []
  if (!carefully) await applyRecords(ctx, work, k, good)
  const unfit = new Set(failed.map((f) => f.record))
  const told = good.filter((r) => !unfit.has(r)).map((r) => ({ ...r, seq: String(r.seq) }))
  if (await retime(work, { ...k, lane }, told))
    work.afterCommit(() => publishHealth(ctx, k.gateway))
  const poison = [
    ...taken.flatMap((r) => (r.good ? [] : [{ seq: r.seq, detail: r.detail, raw: r.raw }])),
    ...failed.map(({ record, why }) => ({
      seq: record.seq,
      detail: `could not be applied: ${why}`,
      raw: Buffer.from(JSON.stringify({ type: record.type, at: record.at, data: record.body })),
    })),
  ]
  for (const p of poison)
    await quarantine(work.trx, k, { ...p, epoch: k.epoch, lane, code: 'edge-schema' }, work.now)
  work.afterCommit(() => count(ctx, good, poison.length))
  return poison.map((p) => reject(p.seq, lane, 'edge-schema', p.detail))
}

function count(ctx: Context, good: GoodRecord[], poison: number) {
  for (const [type, list] of Map.groupBy(good, (r) => r.type))
    ctx.metrics.records.inc({ type }, list.length)
  if (poison > 0) ctx.metrics.quarantined.inc(poison)
}

async function holdFork(work: Work, k: EdgeKey, batch: GoodBatch, r: EdgeRecord): Promise<Outcome> {
  const raw = r.good ? Buffer.from(JSON.stringify({ type: r.type, at: r.at, data: r.body })) : r.raw
  const detail = `seq ${r.seq} of lane ${batch.lane} came with another content`
  const place = { epoch: k.epoch, lane: batch.lane, seq: r.seq }
  await quarantine(work.trx, k, { ...place, code: 'edge-fork', detail, raw }, work.now)
  await hold(work.trx, k, detail, work.now)
  await raiseServerCondition(work, {
    key: `gateway-fork/${k.gateway}`,
    kind: 'gatewayFork',
    priority: 1,
    active: true,
    where: whereGateway(k.gateway, detail),
  })
  return { kind: 'refused', rejected: [reject(r.seq, batch.lane, 'edge-fork', detail)] }
}

async function keepMalformed(ctx: Context, gateway: string, bytes: Buffer, detail: string) {
  ctx.metrics.malformed.inc({ door: 'ingest' })
  ctx.metrics.batches.inc({ outcome: 'malformed' })
  ctx.log.warn({ gateway, detail, bytes: bytes.length }, 'malformed batch')
  const none = { epoch: null, lane: null, seq: null }
  await ctx.write(({ trx, site, now }) =>
    quarantine(trx, { site, gateway }, { ...none, code: 'edge-schema', detail, raw: bytes }, now),
  )
  return { kind: 'malformed' as const, detail }
}

const reject = (seq: bigint, lane: Lane, code: Rejected['code'], detail: string): Rejected => ({
  seq: String(seq),
  lane,
  code,
  detail: detail.slice(0, 300),
})

const refused = (batch: GoodBatch, code: Rejected['code'], detail: string): Outcome => ({
  kind: 'refused',
  rejected: [reject((batch.records[0] as EdgeRecord).seq, batch.lane, code, detail)],
})
