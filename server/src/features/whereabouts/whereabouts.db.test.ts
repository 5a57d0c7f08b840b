import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ingestBatch } from '../../ingest/ingest.ts'
import { batchOf, item } from '../../ingest/testing.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { findBoxByCodeOrEpc } from '../boxes/boxes.ts'
import { addEvidence, beliefsOf, type Evidence, evidenceOf } from './whereabouts.ts'

let t: TestContext
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})

let boxes = 0
/** A box with an EPC and a code of its own. */
async function addBox() {
  const n = String(++boxes).padStart(8, '0')
  const box = { id: crypto.randomUUID(), code: `LT${n}`, epc: `3034257BF7194E40${n}` }
  await sql`insert into box (site_id, box_id, code, epc, tid, spine_mm, secrecy, registered_at)
    values ('demo', ${box.id}, ${box.code}, ${box.epc}, ${`E280${n}`}, 30, 1, ${at(0)})`.execute(
    t.ctx.db,
  )
  return box
}
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 6, minute))
const evidence = (boxId: string, e: Partial<Evidence>): Evidence => ({
  boxId,
  kind: 'moved',
  at: at(0),
  by: '李敏',
  place: null,
  placeLabel: null,
  ...e,
})
const add = (...list: Evidence[]) => t.ctx.write((work) => addEvidence(work, list))
const belief = async (id: string) => (await beliefsOf(t.ctx.db, 'demo', [id], at(0))).get(id)

test('a tag that names its box by a numbering of the archive’s own is evidence for it; what the catalogue says of an EPC goes first', async () => {
  const [numbered, catalogued] = [await addBox(), await addBox()]
  const sighting = (n: number, epc: string, box: string) =>
    item(n, n - 1, 'lantai.sighting.v1', {
      ...{ reader: 'r-own', antenna: 1, epc, box, pc: 0x31c2, count: 1, rssiMaxDbm: null },
      ...{ first: at(1).toISOString(), last: at(1).toISOString() },
    })
  const items = [
    sighting(1, '313233343536370000000000', numbered.code),
    sighting(2, catalogued.epc, numbered.code),
    sighting(3, '313233343536380000000000', 'LT99999999'),
  ]
  await ingestBatch(t.ctx, 'gw-own', batchOf('reads', items))
  const seen = async ({ id }: { id: string }) =>
    (await evidenceOf(t.ctx.db, 'demo', id)).filter((e) => e.by === 'r-own').length
  expect([await seen(numbered), await seen(catalogued)]).toEqual([1, 1])
})

test('a tag that named its box is found by its EPC ever after, as it was last read; a catalogue that knows it goes first', async () => {
  const [first, second] = [await addBox(), await addBox()]
  const epc = '313233343539390000000000'
  let n = 0
  const read = async (box: string) => {
    const data = { gate: 'door-own', epc, direction: 'in', box, pc: 0x31c2 }
    const one = item(++n, n - 1, 'lantai.passage.v1', data)
    await ingestBatch(t.ctx, 'gw-found', batchOf('custody', [one]))
  }
  const found = async (text: string) =>
    (await findBoxByCodeOrEpc(t.ctx.db, 'demo', text))?.code ?? null
  expect(await found(epc)).toBeNull()
  await read(first.code)
  expect(await found(' 3132 3334 3539 3900 0000 0000')).toBe(first.code)
  await read('LT99999999')
  expect(await found(epc)).toBe(first.code)
  await read(second.code)
  expect(await found(epc.toLowerCase())).toBe(second.code)
  await sql`update box set epc = ${epc} where site_id = 'demo' and box_id = ${first.id}`.execute(
    t.ctx.db,
  )
  expect(await found(epc)).toBe(first.code)
})

test('evidence moves the belief, an older one that arrives late does not, and all of it is kept', async () => {
  const { id } = await addBox()
  await add(evidence(id, { place: '1A-1-1-1', at: at(1) }))
  await add(evidence(id, { place: '2A-1-1-1', at: at(5) }))
  await add(evidence(id, { place: '3A-1-1-1', at: at(3) }), evidence(id, { at: at(9) }))
  expect((await belief(id))?.place).toBe('2A-1-1-1')
  const kept = await evidenceOf(t.ctx.db, 'demo', id)
  expect(kept.map((e) => e.place)).toEqual([null, '2A-1-1-1', '3A-1-1-1', '1A-1-1-1'])
})

let seq = 0
const passage = (epc: string, direction: 'in' | 'out' | 'unknown') => {
  const prev = seq++
  const data = { gate: 'door-1', epc, direction }
  return ingestBatch(
    t.ctx,
    'gw-01',
    batchOf('custody', [item(seq, prev, 'lantai.passage.v1', data)]),
  )
}
const doorAlarm = (code: string) =>
  t.ctx.db
    .selectFrom('alarm')
    .select(['state', 'priority', 'active'])
    .where('key', '=', `unlent-at-door/${code}`)
    .executeTakeFirst()
const ledgerOf = async (code: string) => {
  const rows = await t.ctx.db
    .selectFrom('custody_entry')
    .select(['event', 'detail'])
    .where('box', '=', code)
    .orderBy('index')
    .execute()
  return rows.map((r) => r.event)
}

test('a box without a loan carried out raises an alarm and two ledger entries; carried in again, the alarm ends', async () => {
  const box = await addBox()
  await passage(box.epc, 'out')
  expect(await doorAlarm(box.code)).toEqual({ state: 'unacknowledged', priority: 1, active: true })
  expect((await ledgerOf(box.code)).sort()).toEqual(['box.alarm', 'box.passage'])
  expect(await belief(box.id)).toMatchObject({ place: null, placeLabel: 'door-1' })
  await passage(box.epc, 'in')
  expect(await doorAlarm(box.code)).toMatchObject({ active: false })
})

test('a lent box passes in silence, and its passage is on record', async () => {
  const box = await addBox()
  await sql`insert into borrower (site_id, card, name, unit, clearance, valid_until)
    values ('demo', 'RC0000001A', '王强', '信贷部', 1, '2030-01-01')`.execute(t.ctx.db)
  await sql`insert into loan (site_id, loan_id, box_id, card, issued_at, issued_by_name, due)
    values ('demo', ${crypto.randomUUID()}, ${box.id}, 'RC0000001A', ${at(0)}, '王强', '2026-12-01')`.execute(
    t.ctx.db,
  )
  await passage(box.epc, 'out')
  expect(await doorAlarm(box.code)).toBeUndefined()
  expect(await ledgerOf(box.code)).toEqual(['box.passage'])
})

test('a direction that nobody proved still tells; a tag that is no box of ours says nothing', async () => {
  const box = await addBox()
  await passage(box.epc, 'unknown')
  expect(await doorAlarm(box.code)).toMatchObject({ priority: 2, active: true })
  expect(await passage('3034257BF7194E40FFFFFFFF', 'out')).toMatchObject({
    kind: 'stored',
    applied: 1,
  })
})

test('a tag on the desk comes and goes on its screen, and is evidence while no slot is claimed', async () => {
  const box = await addBox()
  const sighting = (departed: boolean) => ({
    reader: 'desk-1',
    antenna: 1,
    epc: box.epc,
    first: at(1).toISOString(),
    last: at(2).toISOString(),
    count: 3,
    rssiMaxDbm: -50,
    ...(departed ? { departed } : {}),
  })
  const records = [sighting(false), sighting(true)].map((s, i) =>
    item(1000 + i, i ? 1000 : 0, 'lantai.sighting.v1', s),
  )
  await ingestBatch(t.ctx, 'gw-01', batchOf('reads', records))
  const desk = t.published.filter((m) => m.room === 'desk').map((m) => m.data)
  expect(desk).toMatchObject([
    { box: box.code, present: true },
    { box: box.code, present: false },
  ])
  expect(await belief(box.id)).toMatchObject({ place: null, placeLabel: 'desk-1' })
})

test('G7: a sighting of a clock in the year 2000 decides where a box is once its time is known; what was told stays', async () => {
  const box = await addBox()
  const [boot, gateway] = ['7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b', 'gw-lost-clock']
  const minute = 60_000_000
  // A person put it there at 06:05; the reader saw it at 06:20, and its gateway said 2000-01-01 00:20.
  await add(evidence(box.id, { at: at(5), place: '12A-3-4-2' }))
  const told = new Date(Date.UTC(2000, 0, 1, 0, 20))
  const sighting = item(
    1,
    0,
    'lantai.sighting.v1',
    {
      ...{ reader: 'r-2000', antenna: 1, epc: box.epc, count: 1, rssiMaxDbm: null },
      ...{ first: told.toISOString(), last: told.toISOString() },
    },
    { boot, mono: 20 * minute, clock: 'unsynced', time: told.toISOString() },
  )
  t.clock.advance(3_600_000)
  await ingestBatch(t.ctx, gateway, batchOf('reads', [sighting]))
  expect((await belief(box.id))?.evidence).toEqual({
    ...{ kind: 'moved', by: '李敏', at: at(5).toISOString() },
  })
  const good = { boot, mono: 40 * minute, clock: 'synced', time: at(40).toISOString() } as const
  const clock = item(2, 0, 'lantai.clock.v1', { quality: 'synced', before: 'unsynced' }, good)
  await ingestBatch(t.ctx, gateway, batchOf('alarm', [clock]))
  expect(await belief(box.id)).toMatchObject({
    ...{ place: null, placeLabel: 'r-2000' },
    evidence: { kind: 'sighting', by: 'r-2000', at: at(20).toISOString(), corrected: true },
  })
  expect(await evidenceOf(t.ctx.db, 'demo', box.id)).toMatchObject([
    { by: 'r-2000', at: told.toISOString(), correctedAt: at(20).toISOString() },
    { by: '李敏', at: at(5).toISOString(), correctedAt: null },
  ])
  // What comes later, told by a good clock, is believed as ever.
  await add(evidence(box.id, { at: at(30), place: '12A-3-4-3' }))
  expect((await belief(box.id))?.evidence).toEqual({
    ...{ kind: 'moved', by: '李敏', at: at(30).toISOString() },
  })
})

test('a clock that is ahead holds no belief until its time has come', async () => {
  const box = await addBox()
  const now = new Date(t.clock.now())
  await add(
    evidence(box.id, { at: new Date(now.getTime() + 4 * 365 * 86_400_000), place: '12A-3-4-2' }),
  )
  expect((await belief(box.id))?.evidence.at).toBe(now.toISOString())
  t.clock.advance(60_000)
  await add(evidence(box.id, { at: new Date(t.clock.now()), place: '12A-3-4-3' }))
  expect((await belief(box.id))?.place).toBe('12A-3-4-3')
})
