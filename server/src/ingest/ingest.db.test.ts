import type { Ack } from '@lantai/contracts'
import fc from 'fast-check'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestContext, type TestContext } from '../testing.ts'
import { ingestBatch } from './ingest.ts'
import { batchOf, epochA, epochB, gapChain, gapFact, item } from './testing.ts'

let t: TestContext
let gateway = 'gw-0'
let next = 0
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})
beforeEach(() => {
  gateway = `gw-${++next}`
  t.sent.length = 0
})

const take = (bytes: Buffer, of = gateway) => ingestBatch(t.ctx, of, bytes)
/** The numbers of the effects that happened, in the order in which they did. */
async function effects(of = gateway): Promise<number[]> {
  const rows = await t.ctx.db
    .selectFrom('gap')
    .select('count')
    .where('gateway', '=', of)
    .orderBy('seq')
    .execute()
  return rows.map((r) => r.count)
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const acks = () =>
  t.sent.filter((s) => s.topic.endsWith(`${gateway}/ack`)).map((s) => s.body) as Ack[]
const rejects = () =>
  t.sent
    .filter((s) => s.topic.endsWith(`${gateway}/reject`))
    .flatMap((s) => (s.body as { rejected: { code: string; seq: string }[] }).rejected)
const quarantined = () =>
  t.ctx.db.selectFrom('quarantine').selectAll().where('gateway', '=', gateway).execute()

test('D6 D8 a batch takes effect and is acknowledged after COMMIT; a resend adds nothing and is acknowledged again', async () => {
  const bytes = batchOf('alarm', gapChain(3))
  expect(await take(bytes)).toMatchObject({ kind: 'stored', applied: 3 })
  expect(await take(bytes)).toMatchObject({ kind: 'stored', applied: 0 })
  expect(await effects()).toEqual([1, 2, 3])
  expect(acks().map((a) => a.cursors.alarm)).toEqual(['3', '3'])
})

test('D6 D10 whatever is resent, overlaps or arrives out of order, each record takes effect once', async () => {
  const size = 12
  const chain = gapChain(size)
  const slice = fc.tuple(fc.nat(size - 1), fc.integer({ min: 1, max: size }))
  await fc.assert(
    fc.asyncProperty(fc.array(slice, { minLength: 1, maxLength: 10 }), async (deliveries) => {
      gateway = `gw-${++next}`
      for (const [from, length] of deliveries)
        await take(batchOf('alarm', chain.slice(from, from + length)))
      const seen = await effects()
      expect(seen).toEqual(upTo(seen.length))
      await take(batchOf('alarm', chain))
      expect(await effects()).toEqual(upTo(size))
    }),
    { numRuns: 25 },
  )
})

test('D10 a batch ahead of the cursor stores nothing and is answered with the cursor', async () => {
  const chain = gapChain(6)
  await take(batchOf('alarm', chain.slice(0, 2)))
  expect(await take(batchOf('alarm', chain.slice(4)))).toMatchObject({ applied: 0 })
  expect(acks().at(-1)?.cursors.alarm).toBe('2')
  expect(await effects()).toEqual([1, 2])
})

test('D10 D11 a stated gap lets its lane go on behind what will never come', async () => {
  const sighting = {
    reader: 'desk-1',
    antenna: 1,
    epc: '3034257BF7194E4000001A85',
    first: '2026-11-22T06:00:00.000Z',
    last: '2026-11-22T06:00:00.000Z',
    count: 1,
    rssiMaxDbm: null,
  }
  const read = (seq: number, prev: number) => item(seq, prev, 'lantai.sighting.v1', sighting)
  await take(batchOf('reads', [read(1, 0)]))
  expect(await take(batchOf('reads', [read(5, 4)]))).toMatchObject({ applied: 0 })
  const lost = { ...gapFact(3), firstSeq: '2', lastSeq: '4', reason: 'quota' }
  await take(batchOf('alarm', [item(6, 0, 'lantai.gap.v1', lost)]))
  expect(await take(batchOf('reads', [read(5, 4)]))).toMatchObject({ applied: 1 })
})

test('D5 a seq above 2^53 keeps every digit', async () => {
  const high = '18446744073709551614'
  const record = { ...item(1, 0, 'lantai.gap.v1', gapFact(1)), seq: high }
  await take(batchOf('alarm', [record]))
  expect(acks().at(-1)?.cursors.alarm).toBe(high)
})

test('lanes are independent: a hole in one does not hold another', async () => {
  await take(batchOf('alarm', gapChain(6).slice(4)))
  const device = {
    act: 'stop',
    by: '王强',
    bank: null,
    reason: null,
  }
  expect(await take(batchOf('custody', [item(7, 0, 'lantai.console.v1', device)]))).toMatchObject({
    kind: 'stored',
    applied: 1,
  })
  expect(acks().at(-1)?.cursors).toMatchObject({ alarm: '0', custody: '7' })
})

test('D7 the same key with another content is a fork: quarantined, alarm, held, no ack', async () => {
  const chain = gapChain(3)
  await take(batchOf('alarm', chain))
  t.sent.length = 0
  const forged = item(2, 1, 'lantai.gap.v1', gapFact(99))
  expect(await take(batchOf('alarm', [forged]))).toMatchObject({ kind: 'refused' })
  expect(rejects().map((r) => r.code)).toEqual(['edge-fork'])
  expect(acks()).toEqual([])
  expect((await quarantined()).map((q) => q.code)).toEqual(['edge-fork'])
  const alarm = await t.ctx.db
    .selectFrom('alarm')
    .select(['kind', 'priority'])
    .where('key', '=', `gateway-fork/${gateway}`)
    .execute()
  expect(alarm).toEqual([{ kind: 'gatewayFork', priority: 1 }])
  await take(batchOf('alarm', [item(4, 3, 'lantai.gap.v1', gapFact(4))]))
  expect(rejects().at(-1)?.code).toBe('edge-held')
  expect(await effects()).toEqual([1, 2, 3])
})

test('D10 G4 a gateway that dropped what we had taken, its ack lost, links over it and goes on', async () => {
  await take(batchOf('alarm', gapChain(3)))
  await take(batchOf('alarm', [item(9, 1, 'lantai.gap.v1', gapFact(9))]))
  expect(rejects()).toEqual([])
  expect(await effects()).toEqual([1, 2, 3, 9])
})

test('D11 poison is kept raw and named, and its lane goes on', async () => {
  const [first, , third] = gapChain(3)
  const poison = item(2, 1, 'lantai.gap.v1', { ...gapFact(2), count: -1 })
  const unknown = item(4, 3, 'lantai.martian.v9', { x: 1 })
  expect(await take(batchOf('alarm', [first, poison, third, unknown]))).toMatchObject({
    kind: 'stored',
    applied: 2,
  })
  expect(await effects()).toEqual([1, 3])
  expect(rejects().map((r) => [r.seq, r.code])).toEqual([
    ['2', 'edge-schema'],
    ['4', 'edge-schema'],
  ])
  expect(acks().at(-1)?.cursors.alarm).toBe('4')
  const kept = (await quarantined()).map((q) => JSON.parse(q.raw.toString('utf8')))
  expect(kept).toEqual(expect.arrayContaining([poison, unknown]))
  await take(batchOf('alarm', [poison]))
  expect(await quarantined()).toHaveLength(2)
})

test('D11 text that no database can keep is quarantined, and its lane goes on behind it', async () => {
  const act = (seq: number, reason: string) =>
    item(seq, seq - 1, 'lantai.console.v1', { act: 'forbid', by: '李敏', bank: 'B1', reason })
  const bytes = batchOf('custody', [
    act(1, '检修'),
    act(2, 'a\u0000b'),
    act(3, 'a\ud800b'),
    act(4, '检修完'),
  ])
  expect(await take(bytes)).toMatchObject({ kind: 'stored', applied: 2 })
  expect(rejects().map((r) => [r.seq, r.code])).toEqual([
    ['2', 'edge-schema'],
    ['3', 'edge-schema'],
  ])
  expect(acks().at(-1)?.cursors.custody).toBe('4')
  expect((await quarantined()).map((q) => q.raw.toString())).toEqual([
    expect.stringContaining('a\\u0000b'),
    expect.stringContaining('a\\ud800b'),
  ])
})

test('D11 a record that a constraint refuses is quarantined alone, not with its batch', async () => {
  const bad = { ...gapFact(2), from: '2026-02-31T00:00:00Z' }
  const chain = gapChain(3)
  const records = [chain[0], item(2, 1, 'lantai.gap.v1', bad), chain[2]]
  expect(await take(batchOf('alarm', records))).toMatchObject({ kind: 'stored', applied: 2 })
  expect(await effects()).toEqual([1, 3])
  expect(rejects().map((r) => r.seq)).toEqual(['2'])
})

test('D11 bytes that are no batch are kept once, counted, and answered by nothing', async () => {
  for (const text of ['', '{', '[]', '{"data":{}}', '\u0000'.repeat(100)]) {
    const bytes = Buffer.from(text)
    expect((await take(bytes)).kind).toBe('malformed')
    expect((await take(bytes)).kind).toBe('malformed')
  }
  expect(await quarantined()).toHaveLength(5)
  expect(t.sent).toEqual([])
})

test('D11 any mangling of a batch is answered without a crash, and moves nothing it should not', async () => {
  await take(batchOf('alarm', gapChain(2)))
  const good = batchOf('alarm', [item(3, 2, 'lantai.gap.v1', gapFact(3))])
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
      const bytes = Buffer.from(good)
      bytes[at] = value
      const outcome = await take(bytes)
      expect(['stored', 'refused', 'malformed']).toContain(outcome.kind)
    }),
    { numRuns: 150 },
  )
  const seen = await effects()
  expect(seen.slice(0, 2)).toEqual([1, 2])
  expect(new Set(seen).size).toBe(seen.length)
})

test('D14 a new epoch fences the old one and says so; the old one is refused', async () => {
  await take(batchOf('alarm', gapChain(3)))
  await take(batchOf('alarm', [item(1, 0, 'lantai.gap.v1', gapFact(101))], epochB))
  expect((await effects()).sort((a, b) => a - b)).toEqual([1, 2, 3, 101])
  t.sent.length = 0
  await take(batchOf('alarm', [item(4, 3, 'lantai.gap.v1', gapFact(4))], epochA))
  expect(rejects().map((r) => r.code)).toEqual(['edge-fenced'])
  expect(acks()).toEqual([])
  const alarm = await t.ctx.db
    .selectFrom('alarm')
    .select(['kind', 'state'])
    .where('key', '=', `gateway-replaced/${gateway}/${epochA}`)
    .execute()
  expect(alarm).toEqual([{ kind: 'gatewayReplaced', state: 'returnedUnacknowledged' }])
})

test('D15 after a database restore the older cursor makes the gateway fill the hole', async () => {
  const chain = gapChain(4)
  await take(batchOf('alarm', chain))
  // What a restore does: everything behind the backup is gone, the cursor with it.
  await sql`delete from gap where gateway = ${gateway} and seq > 2`.execute(t.database.owner)
  await sql`delete from inbox where gateway = ${gateway} and seq > 2`.execute(t.database.owner)
  await sql`update gateway_cursor set alarm = 2 where gateway = ${gateway}`.execute(
    t.database.owner,
  )
  await take(batchOf('alarm', [item(5, 4, 'lantai.gap.v1', gapFact(5))]))
  expect(acks().at(-1)?.cursors.alarm).toBe('2')
  await take(batchOf('alarm', [...chain.slice(2), item(5, 4, 'lantai.gap.v1', gapFact(5))]))
  expect(await effects()).toEqual([1, 2, 3, 4, 5])
})

test('D1 D16 a backend killed in mid-transaction leaves nothing and answers nothing; the resend takes effect once', async () => {
  await take(batchOf('alarm', gapChain(1)))
  t.sent.length = 0
  const blocker = new pg.Client({ connectionString: t.database.url })
  await blocker.connect()
  try {
    await blocker.query('begin; lock table gap in access exclusive mode')
    const attempt = take(batchOf('alarm', gapChain(3)))
    const failed = expect(attempt).rejects.toThrow()
    await killWaiting(blocker)
    await failed
    await blocker.query('rollback')
  } finally {
    await blocker.end()
  }
  expect(t.sent).toEqual([])
  expect(await effects()).toEqual([1])
  await take(batchOf('alarm', gapChain(3)))
  expect(await effects()).toEqual([1, 2, 3])
})

/** Ends the backend that waits for the blocker's lock, once there is one. */
async function killWaiting(client: pg.Client) {
  for (;;) {
    const { rowCount } = await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`)
    if (rowCount) return
    await client.query('select pg_stat_clear_snapshot()')
  }
}
