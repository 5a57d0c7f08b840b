/** ADR 12: a gateway one contract version older or newer is understood; nothing that it says is lost. */
import { readFileSync } from 'node:fs'
import {
  type Ack,
  type Batch,
  contractVersion,
  type GatewayState,
  type Tick,
  topics,
} from '@lantai/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runChecks } from '../features/gateways/checks.ts'
import { currentNonce } from '../features/gateways/gateways.ts'
import { gatewayViews } from '../features/gateways/views.ts'
import { batchOf, epochA, item } from '../ingest/testing.ts'
import { createTestContext, type TestContext } from '../testing.ts'
import { Uplink } from './uplink.ts'

interface Recorded {
  up: { state: GatewayState; tick: Tick; witnessed: unknown; batches: Batch[] }
  down: { ack: Ack }
}
const recorded = (contract: number) =>
  JSON.parse(
    readFileSync(
      new URL(`../../../contracts/vectors/contract-${contract}.json`, import.meta.url),
      'utf8',
    ),
  ) as Recorded
const older = recorded(contractVersion - 1)

let t: TestContext
let uplink: Uplink
let gateway: string
let next = 0
beforeAll(async () => {
  t = await createTestContext()
  uplink = new Uplink(t.ctx)
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})
beforeEach(() => {
  gateway = `gw-${++next}`
  t.sent.length = 0
})

const say = (topic: string, value: unknown) =>
  uplink.take(topic, Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)))
const to = () => topics('demo', gateway)
const view = async () => (await gatewayViews(t.ctx)).find((g) => g.gateway === gateway)
const check = async () =>
  (await runChecks(t.ctx, [(await view()) as never])).find((c) => c.id === 'contracts')
const quarantined = () =>
  t.ctx.db.selectFrom('quarantine').selectAll().where('gateway', '=', gateway).execute()
const lastAck = () => t.sent.filter((s) => s.topic === to().ack).at(-1)?.body as Ack | undefined

test('a gateway that is older by one: every recorded message is taken, and 体检 says so', async () => {
  const { state, tick, batches } = older.up
  await say(to().state, state)
  await say(to().tick, tick)
  for (const b of batches) await say(to().up(b.data.lane), b)
  await uplink.settled()
  expect(await quarantined()).toEqual([])
  expect(lastAck()?.cursors).toEqual(older.down.ack.cursors)
  expect(await view()).toMatchObject({
    contract: contractVersion - 1,
    fits: 'older',
    online: true,
  })
  expect(await check()).toEqual({
    id: 'contracts',
    state: 'attention',
    detail: `${gateway}: older`,
  })
  expect(currentNonce(t.ctx, gateway)).toBe(tick.nonce)
})

const { state, tick } = older.up
const newer = { ...state, contract: contractVersion + 1, mood: 'fine' }

test('a gateway that is newer by one: its state is taken, unknown facts and fields are kept in quarantine, byte for byte', async () => {
  await say(to().state, newer)
  await say(to().tick, { ...tick, temperature: 41 })
  const known = { act: 'stop', by: '王', bank: 'B1', reason: null }
  const future = { hologram: true }
  const items = [
    item(1, 0, 'lantai.console.v1', known),
    item(2, 1, 'lantai.hologram.v1', future),
    item(3, 2, 'lantai.console.v1', { ...known, mood: 'fine' }),
  ]
  await say(to().up('custody'), batchOf('custody', items, epochA))
  await uplink.settled()
  expect(lastAck()?.cursors.custody).toBe('3')
  const kept = (await quarantined()).map((q) => JSON.parse(q.raw.toString('utf8')))
  expect(kept).toEqual(expect.arrayContaining(items.slice(1)))
  expect(kept).toHaveLength(2)
  expect(await view()).toMatchObject({ fits: 'newer', online: true, quarantined: 2 })
  expect(await check()).toMatchObject({ state: 'attention' })
})

test('a gateway that is older by two is heard, its facts are taken, and it is asked for nothing', async () => {
  const { up, down } = recorded(contractVersion - 2)
  const { state, tick, batches } = up
  await say(to().state, state)
  await say(to().tick, tick)
  for (const b of batches) await say(to().up(b.data.lane), b)
  await uplink.settled()
  expect(lastAck()?.cursors).toEqual(down.ack.cursors)
  expect(await view()).toMatchObject({ fits: 'too-old', online: true })
  expect(await check()).toMatchObject({ state: 'bad' })
  expect(currentNonce(t.ctx, gateway)).toBe(null)
})

test('a gateway that is newer by two is heard, and asked for nothing', async () => {
  await say(to().state, { ...newer, contract: contractVersion + 2 })
  await say(to().tick, tick)
  expect(await view()).toMatchObject({ fits: 'too-new', online: true })
  expect(await check()).toMatchObject({ state: 'bad' })
  expect(currentNonce(t.ctx, gateway)).toBe(null)
  // Brought up to date, it is asked again.
  await say(to().state, { ...state, conn: 2, contract: contractVersion })
  expect(await view()).toMatchObject({ fits: 'same' })
  expect(currentNonce(t.ctx, gateway)).toBe(tick.nonce)
})
