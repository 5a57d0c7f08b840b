import { createPublicKey, verify } from 'node:crypto'
import { contractVersion, type GatewayState, seconds, type Tick, topics } from '@lantai/contracts'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ingestBatch } from '../../ingest/ingest.ts'
import { lockCursor, moveCursor } from '../../ingest/store.ts'
import { batchOf, epochA, epochB, gapChain, item } from '../../ingest/testing.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { Uplink } from '../../uplink/uplink.ts'
import { airEntry, file, report } from '../devices/testing.ts'
import { addAccount } from '../people/testing.ts'
import { runChecks } from './checks.ts'
import { currentNonce, takeState, takeTick } from './gateways.ts'
import { storeDevices } from './store.ts'
import { gatewayViews } from './views.ts'
import { GatewayWatch } from './watch.ts'

let t: TestContext
let gateway: string
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

const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
const birth = (more: Partial<GatewayState> = {}): GatewayState => ({
  online: true,
  boot,
  conn: 1,
  epoch: epochA,
  software: '0.1.0',
  contract: contractVersion,
  clock: 'synced',
  witnessedSize: null,
  ...more,
})
const tick = (more: Partial<Tick> = {}): Tick => ({
  boot,
  nonce: 'n1',
  backlog: { alarm: 0, custody: 0, reads: 1, telemetry: 2 },
  oldestUnsentMs: null,
  fire: 'normal',
  fireLatched: false,
  ...more,
})
const view = async () => (await gatewayViews(t.ctx)).find((g) => g.gateway === gateway)
const sentTo = (topic: string) => t.sent.filter((s) => s.topic === topic).map((s) => s.body)
const offline = () =>
  t.ctx.db
    .selectFrom('alarm')
    .select(['state', 'active'])
    .where('key', '=', `gateway-offline/${gateway}`)
    .executeTakeFirst()

test('D15 a birth is answered with the cursors of its store, and with a roster signed with the pinned key', async () => {
  const { account } = await addAccount(t.ctx, ['archivist'])
  await ingestBatch(t.ctx, gateway, batchOf('alarm', gapChain(3)))
  t.sent.length = 0
  await takeState(t.ctx, gateway, birth())
  const to = topics('demo', gateway)
  expect(sentTo(to.ack)).toMatchObject([{ epoch: epochA, cursors: { alarm: '3', custody: '0' } }])
  const [roster] = sentTo(to.roster) as { body: string; sig: string }[]
  const key = createPublicKey(t.ctx.secrets.commandKey)
  const good = verify(
    null,
    Buffer.from(roster?.body ?? ''),
    key,
    Buffer.from(roster?.sig ?? '', 'base64'),
  )
  expect(good).toBe(true)
  expect(
    JSON.parse(roster?.body ?? '').people.map((p: { account: string }) => p.account),
  ).toContain(account)
})

test('S3 a roster is newer than the one before it, though the clock was set back', async () => {
  const to = topics('demo', gateway)
  const versions = () =>
    (sentTo(to.roster) as { body: string }[]).map((r) => JSON.parse(r.body).version as number)
  await takeState(t.ctx, gateway, birth())
  t.clock.jump(-400 * 86_400_000)
  await takeState(t.ctx, gateway, birth({ conn: 2 }))
  await takeState(t.ctx, gateway, birth({ conn: 3 }))
  t.clock.jump(400 * 86_400_000)
  const [first = 0, ...later] = versions()
  expect(later).toEqual([first + 1, first + 2])
})

test('D14 a birth with another epoch fences the older store, before any batch', async () => {
  await takeState(t.ctx, gateway, birth())
  await takeState(t.ctx, gateway, birth({ epoch: epochB, conn: 2 }))
  const outcome = await ingestBatch(t.ctx, gateway, batchOf('alarm', gapChain(1)))
  expect(outcome).toMatchObject({ kind: 'refused', rejected: [{ code: 'edge-fenced' }] })
})

test('a will of an earlier connection that arrives late takes nobody offline', async () => {
  await takeState(t.ctx, gateway, birth({ conn: 2 }))
  await takeTick(t.ctx, gateway, tick())
  await takeState(t.ctx, gateway, { online: false, boot, conn: 1 })
  expect((await view())?.online).toBe(true)
  await takeState(t.ctx, gateway, { online: false, boot, conn: 2 })
  expect((await view())?.online).toBe(false)
})

const air = (state: 'unknown' | 'online') => ({
  ...{ device: 'air-1', driver: 'modbus-air', label: 'a', detail: null, firmware: null },
  ...{ state, since: '2026-11-22T06:00:00.000Z', badFrames: 0 },
})

test('G8: a birth that is read late says nothing of devices that have spoken since', async () => {
  const state = async () => (await view())?.devices.map((d) => d.state)
  const unknown = { devices: [air('unknown')] }
  const known = [item(4, 0, 'lantai.device.v1', air('online'))]
  await takeState(t.ctx, gateway, birth())
  await takeTick(t.ctx, gateway, tick())
  await ingestBatch(t.ctx, gateway, batchOf('alarm', known))
  // Taken again after the database was away, or kept by the broker and read by a server that has just started.
  await takeState(t.ctx, gateway, birth({ ...unknown, alarmSeq: '3' }))
  expect(await state()).toEqual(['online'])
  await takeState(t.ctx, gateway, birth({ devices: [], alarmSeq: '3' }))
  expect(await state()).toEqual(['online'])
  // What it says as of the last fact that came is the newest that there is.
  await takeState(t.ctx, gateway, birth({ ...unknown, conn: 2, alarmSeq: '4' }))
  expect(await state()).toEqual(['unknown'])
  // So is what a store that was never seen says, and a gateway of before contract 5.
  await takeState(
    t.ctx,
    gateway,
    birth({ conn: 3, epoch: epochB, devices: [air('online')], alarmSeq: '0' }),
  )
  expect(await state()).toEqual(['online'])
  await takeState(t.ctx, gateway, birth({ conn: 4, epoch: epochB, ...unknown }))
  expect(await state()).toEqual(['unknown'])
})

test('a birth that comes while facts of its devices are stored waits for them', async () => {
  await takeState(t.ctx, gateway, birth({ devices: [air('unknown')], alarmSeq: '0' }))
  const k = { site: 'demo', gateway, epoch: epochA }
  const waits = async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_locks
      join pg_stat_activity using (pid) where not granted and datname = current_database()`.execute(
      t.ctx.db,
    )
    return rows[0]?.n !== 0
  }
  let born: Promise<void> | undefined
  // As ingest does it: the cursor, then what the facts change.
  await t.ctx.write(async ({ trx, site, now }) => {
    await lockCursor(trx, k)
    born = takeState(t.ctx, gateway, birth({ devices: [air('unknown')], alarmSeq: '0' }))
    await vi.waitUntil(waits, { timeout: 30_000 })
    await storeDevices(trx, site, gateway, [air('online')], now)
    await moveCursor(trx, k, 'alarm', 1n)
  })
  await born
  await takeTick(t.ctx, gateway, tick())
  expect((await view())?.devices.map((d) => d.state)).toEqual(['online'])
})

test('what a device did not see stands beside it for a day: how often, how many reads are missing, the last time', async () => {
  const device = { driver: 'llrp', label: 'r', state: 'online', detail: null, firmware: null }
  const { since } = { since: '2026-11-22T06:00:00.000Z' }
  const health = { ...device, device: 'reader-1', since, badFrames: 0, state: 'online' as const }
  await takeState(t.ctx, gateway, birth({ devices: [health, { ...health, device: 'reader-2' }] }))
  await takeTick(t.ctx, gateway, tick())
  const blind = async () => (await view())?.devices.map((d) => d.blind)
  expect(await blind()).toEqual([null, null])
  const gap = (n: number, reason: string, minute: number, count: number) =>
    item(n, n - 1, 'lantai.gap.v1', {
      ...{ lane: 'reads', firstSeq: null, lastSeq: null, count, reason, device: 'reader-1' },
      ...{ from: `2026-11-22T06:0${minute}:00.000Z`, to: `2026-11-22T06:0${minute}:09.000Z` },
    })
  const gaps = [gap(1, 'reader-overflow', 2, 37), gap(2, 'observation-hole', 1, 0)]
  await ingestBatch(t.ctx, gateway, batchOf('alarm', gaps))
  const last = {
    from: '2026-11-22T06:02:00.000Z',
    to: '2026-11-22T06:02:09.000Z',
    reason: 'reader-overflow',
  }
  expect(await blind()).toEqual([{ times: 2, lost: 37, last }, null])
  t.clock.advance(seconds(24 * 3600 + 1))
  expect((await view())?.devices[0]?.blind).toBeNull()
})

test('G8: contacts are as the last tick says; behind a silent gateway nothing is known of them', async () => {
  const since = '2026-11-22T06:00:00.000Z'
  await takeState(t.ctx, gateway, birth())
  await report(t.ctx, gateway, 1, file(airEntry('a1'), airEntry('a2')))
  const contacts = async () =>
    (await view())?.contacts.map((c) => [c.id, c.means, c.state, c.since])
  await takeTick(t.ctx, gateway, tick())
  expect(await contacts()).toEqual([
    ['a1-smoke', 'smoke', 'unknown', null],
    ['a2-smoke', 'smoke', 'unknown', null],
  ])
  const told = { contacts: [{ id: 'a1-smoke', state: 'active', since } as const] }
  await takeTick(t.ctx, gateway, tick(told))
  expect((await contacts())?.[0]).toEqual(['a1-smoke', 'smoke', 'active', since])
  t.clock.advance(seconds(6))
  expect((await contacts())?.[0]).toEqual(['a1-smoke', 'smoke', 'unknown', null])
})

test('S5 the nonce of a command is at most five seconds old, and dies with the link', async () => {
  await takeState(t.ctx, gateway, birth())
  await takeTick(t.ctx, gateway, tick({ nonce: 'fresh' }))
  expect(currentNonce(t.ctx, gateway)).toBe('fresh')
  t.clock.advance(seconds(6))
  expect(currentNonce(t.ctx, gateway)).toBeNull()
  await takeTick(t.ctx, gateway, tick({ nonce: 'again' }))
  await takeState(t.ctx, gateway, { online: false, boot, conn: 1 })
  expect(currentNonce(t.ctx, gateway)).toBeNull()
})

test('S12 D19 a gateway that falls silent is shown at once, alarms after ten seconds, and ends its alarm by itself', async () => {
  const watch = new GatewayWatch(t.ctx)
  await takeState(t.ctx, gateway, birth())
  await takeTick(t.ctx, gateway, tick())
  await watch.look()
  t.clock.advance(seconds(6))
  await watch.look()
  expect((await view())?.online).toBe(false)
  expect(await offline()).toBeUndefined()
  t.clock.advance(seconds(10))
  await watch.look()
  expect(await offline()).toEqual({ state: 'unacknowledged', active: true })
  await takeTick(t.ctx, gateway, tick())
  await watch.look()
  expect(await offline()).toEqual({ state: 'returnedUnacknowledged', active: false })
  expect((await view())?.online).toBe(true)
})

test('what a silent gateway last said of its devices is unknown now', async () => {
  const device = {
    device: 'desk-1',
    driver: 'llrp',
    label: '借阅台读写器',
    state: 'online' as const,
    since: '2026-11-22T06:00:00.000Z',
    detail: null,
    firmware: null,
    badFrames: 0,
  }
  await takeState(t.ctx, gateway, birth({ devices: [device] }))
  await takeTick(t.ctx, gateway, tick())
  expect((await view())?.devices[0]?.state).toBe('online')
  expect((await view())?.devices[0]).not.toHaveProperty('simulated')
  const worse = { ...device, state: 'degraded' as const, badFrames: 9, simulated: true }
  await ingestBatch(t.ctx, gateway, batchOf('alarm', [item(1, 0, 'lantai.device.v1', worse)]))
  expect((await view())?.devices).toMatchObject([
    { state: 'degraded', badFrames: 9, simulated: true },
  ])
  t.clock.advance(seconds(6))
  expect((await view())?.devices[0]?.state).toBe('unknown')
})

test('an act at the console is on record under the name of who did it', async () => {
  const act = { act: 'release', by: '王强', bank: 'B1', reason: '现场已检查' }
  await ingestBatch(t.ctx, gateway, batchOf('custody', [item(1, 0, 'lantai.console.v1', act)]))
  const entry = await t.ctx.db
    .selectFrom('custody_entry')
    .select(['event', 'actor', 'outcome', 'detail'])
    .where('event', '=', 'console.act')
    .executeTakeFirst()
  expect(entry).toEqual({
    event: 'console.act',
    actor: '王强',
    outcome: 'observed',
    detail: 'release · B1 · 现场已检查',
  })
})

test('D16 a birth that meets a database that is away is taken when it is back', async () => {
  const uplink = new Uplink(t.ctx)
  const blocker = new pg.Client({ connectionString: t.database.url })
  await blocker.connect()
  await blocker.query('begin; lock table gateway in access exclusive mode')
  const first = uplink.take(`lantai/v1/demo/${gateway}/state`, Buffer.from(JSON.stringify(birth())))
  for (let killed = 0; killed === 0; ) {
    const { rowCount } = await blocker.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`)
    killed = rowCount ?? 0
    await blocker.query('select pg_stat_clear_snapshot()')
  }
  await first
  await blocker.query('rollback')
  await blocker.end()
  expect(await view()).toBeUndefined()
  t.clock.advance(seconds(1))
  await vi.waitUntil(() => sentTo(topics('demo', gateway).roster).length > 0, { timeout: 20_000 })
  expect(await view()).toMatchObject({ software: '0.1.0' })
})

test('bytes of a stranger on any topic are counted and change nothing', async () => {
  const uplink = new Uplink(t.ctx)
  const p = `lantai/v1/demo/${gateway}`
  const wrong = ['', '{', 'null', '[]', '{"online":"yes"}', '{"boot":1}', '\u0000\u00ff']
  for (const topic of [
    'state',
    'tick',
    'live',
    'res/x',
    'witnessed',
    'nothing',
    '__proto__',
    'up/none',
  ])
    for (const text of wrong) await uplink.take(`${p}/${topic}`, Buffer.from(text))
  for (const topic of ['', 'lantai', 'lantai/v1/other/gw/state', 'lantai/v1/demo/GW 1/state'])
    await uplink.take(topic, Buffer.from(JSON.stringify(birth())))
  await uplink.settled()
  expect(await view()).toBeUndefined()
  const counted = await t.ctx.metrics.malformed.get()
  expect(counted.values.reduce((sum, v) => sum + v.value, 0)).toBeGreaterThan(50)
})

test('D19 a broker that keeps the connection and carries nothing is not well', async () => {
  const brokerIs = async (connected: boolean, carries: boolean) => {
    const mqtt = Object.assign(Object.create(t.ctx.mqtt), {})
    Object.defineProperties(mqtt, { connected: { value: connected }, carries: { value: carries } })
    return (await runChecks({ ...t.ctx, mqtt }, [])).find((c) => c.id === 'broker')?.state
  }
  expect(await brokerIs(true, true)).toBe('ok')
  expect(await brokerIs(true, false)).toBe('bad')
  expect(await brokerIs(false, false)).toBe('bad')
})

test('the health page says what is wrong and never that an unknown thing is well', async () => {
  const checks = await runChecks(t.ctx, [])
  const states = Object.fromEntries(checks.map((c) => [c.id, c.state]))
  expect(states).toMatchObject({ database: 'ok', gateways: 'attention', ledger: 'ok' })
  t.ctx.ledger.close('test')
  const closed = await runChecks(t.ctx, [])
  expect(closed.find((c) => c.id === 'ledger')).toMatchObject({ state: 'bad', detail: 'test' })
})
