import { type Ack, contractVersion, type Round, seconds } from '@lantai/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ingestBatch } from '../../ingest/ingest.ts'
import { batchOf, epochA, item } from '../../ingest/testing.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { takeState } from './gateways.ts'
import { isNews } from './rounds.ts'
import { gatewayViews } from './views.ts'

let t: TestContext
let gateway: string
let next = 0
let seq = 0
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  gateway = `gw-${++next}`
  seq = 0
  lane = { reads: 0, alarm: 0 }
  t.sent.length = 0
  const since = '2026-11-22T06:00:00.000Z'
  const rest = { driver: 'llrp', label: 'r', detail: null, firmware: null, badFrames: 0, since }
  const devices = ['r-1', 'r-2'].map((device) => ({ ...rest, device, state: 'online' as const }))
  const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
  const contract = contractVersion
  await takeState(t.ctx, gateway, {
    ...{ online: true, boot, conn: 1, epoch: epochA, contract, devices },
  })
})

let lane = { reads: 0, alarm: 0 }
const chained = (of: keyof typeof lane, type: string, data: unknown) => {
  const prev = lane[of]
  lane[of] = ++seq
  return item(seq, prev, type, data)
}
const at = (second: number) => `2026-11-22T06:00:${String(second).padStart(2, '0')}.000Z`
const round = (from: number, to: number, more: Partial<Round> = {}) =>
  chained('reads', 'lantai.round.v1', {
    ...{ reader: 'r-1', antennas: [1, 2], from: at(from), to: at(to), rounds: 1, tags: 40 },
    ...{ troubles: [], ...more },
  })
const gap = (from: number, to: number, device = 'r-1') =>
  chained('alarm', 'lantai.gap.v1', {
    ...{ lane: 'reads', firstSeq: null, lastSeq: null, count: 0, device },
    ...{ from: at(from), to: at(to), reason: 'observation-hole' },
  })
const take = (of: keyof typeof lane, ...items: unknown[]) =>
  ingestBatch(t.ctx, gateway, batchOf(of, items))
const shown = async () => {
  const view = (await gatewayViews(t.ctx)).find((g) => g.gateway === gateway)
  return view?.devices.find((d) => d.device === 'r-1')?.rounds
}

test('a reader that told of no round shows none; a complete one stands there with its tags, once however often it is sent', async () => {
  expect(await shown()).toBeNull()
  const batch = [round(1, 4), round(5, 8, { rounds: 3, tags: 41 })]
  for (let n = 0; n < 3; n++) await take('reads', ...batch)
  expect(await shown()).toEqual({
    ...{ complete: 4, incomplete: 0, incompleteNow: null },
    lastComplete: { from: at(5), to: at(8), tags: 41, antennas: [1, 2] },
  })
  const of = t.ctx.db.selectFrom('inventory_round').selectAll().where('gateway', '=', gateway)
  expect(await of.execute()).toHaveLength(2)
  const acks = t.sent.filter((s) => s.topic.endsWith(`${gateway}/ack`)).map((s) => s.body as Ack)
  expect(acks.at(-1)).toMatchObject({ contract: contractVersion, cursors: { reads: '2' } })
})

test('an incomplete round stands beside the last complete one with its reason, until one is complete again', async () => {
  await take('reads', round(1, 4), round(5, 8, { troubles: ['overflow', 'link-lost'], tags: 7 }))
  const lastComplete = { from: at(1), to: at(4), tags: 40, antennas: [1, 2] }
  expect(await shown()).toEqual({
    ...{ complete: 1, incomplete: 1, lastComplete },
    incompleteNow: { from: at(5), to: at(8), tags: 7, troubles: ['overflow', 'link-lost'] },
  })
  await take('reads', round(9, 12))
  expect(await shown()).toMatchObject({ complete: 2, incomplete: 1, incompleteNow: null })
  t.clock.advance(seconds(24 * 3600 + 1))
  expect(await shown()).toMatchObject({ complete: 0, incomplete: 0, lastComplete: { to: at(12) } })
})

test('a round with a gap in it is not complete, whichever of the two is told first; gaps beside it spoil nothing', async () => {
  await take('reads', round(10, 14))
  await take('alarm', gap(2, 10), gap(14, 20), gap(11, 12, 'r-2'))
  expect(await shown()).toMatchObject({ complete: 1, incomplete: 0 })
  await take('alarm', gap(13, 16))
  const spoiled = { from: at(10), to: at(14), tags: 40, troubles: ['gap'] }
  const none = { complete: 0, incomplete: 1, lastComplete: null }
  expect(await shown()).toEqual({ ...none, incompleteNow: spoiled })
  await take('reads', round(15, 18, { troubles: ['buffer'] }))
  expect((await shown())?.incompleteNow?.troubles).toEqual(['buffer'])
  await take('reads', round(20, 24))
  expect(await shown()).toMatchObject({ complete: 1, incomplete: 2, incompleteNow: null })
})

test('pages hear of every incomplete round and of every turn, and of the rest by the minute', () => {
  const of = (complete: boolean, second: number) => ({
    ...{ complete, receivedAt: new Date(second * 1000) },
  })
  expect(isNews(null, of(true, 0))).toBe(true)
  expect(isNews(of(true, 1), of(true, 2))).toBe(false)
  expect(isNews(of(true, 59), of(true, 60))).toBe(true)
  expect(isNews(of(true, 1), of(false, 2))).toBe(true)
  expect(isNews(of(false, 1), of(false, 2))).toBe(true)
  expect(isNews(of(false, 1), of(true, 2))).toBe(true)
})
