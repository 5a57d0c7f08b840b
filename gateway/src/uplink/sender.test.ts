import { Batch, type Lane, VirtualClock } from '@lantai/contracts'
import { Check } from 'typebox/value'
import { afterEach, expect, test } from 'vitest'
import { type Outbox, startOutbox } from '../outbox/outbox.ts'
import { boot, newDir, record } from '../outbox/testing.ts'
import { limitsOf } from '../outbox/types.ts'
import { Sender } from './sender.ts'

const open: Outbox[] = []
afterEach(async () => {
  for (const o of open.splice(0)) await o.close()
})

/** A real store behind a sender; the test is the server. */
async function rig() {
  const clock = new VirtualClock()
  const setup = { dir: newDir(), limits: limitsOf(16), boot, origin: performance.timeOrigin }
  const outbox = await startOutbox(
    setup,
    () => 'synced',
    (error) => {
      throw error
    },
  )
  open.push(outbox)
  const sent: { lane: Lane; batch: Batch }[] = []
  let wake: (() => void) | null = null
  let births = 0
  const sender = new Sender({
    outbox,
    clock,
    source: 'lantai:demo/gw-01',
    publish(lane, payload) {
      const batch = JSON.parse(payload) as unknown
      expect(Check(Batch, batch)).toBe(true)
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(256 * 1024)
      sent.push({ lane, batch: batch as Batch })
      wake?.()
    },
    newEpoch: () => {
      births++
    },
    sent: () => undefined,
  })
  const batches = async (n: number) => {
    while (sent.length < n)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return sent
  }
  const ack = (cursors: Partial<Record<Lane, string>>, epoch = outbox.status().epoch) =>
    sender.ack({
      epoch,
      cursors: { alarm: '0', custody: '0', reads: '0', telemetry: '0', ...cursors },
      serverTime: '2026-11-22T06:00:00Z',
    })
  return { clock, outbox, sender, sent, batches, ack, births: () => births }
}
const seqs = (b: { batch: Batch } | undefined) => b?.batch.data.items.map((i) => i.seq)

test('D8: nothing is sent before the server has spoken, and nothing is released but by its cursors', async () => {
  const r = await rig()
  await r.outbox.append([record('reads', 1), record('alarm', 2)])
  r.sender.linkUp()
  r.sender.kick()
  expect(r.sent).toEqual([])
  await r.ack({})
  const [first, second] = await r.batches(2)
  expect([first?.lane, second?.lane]).toEqual(['alarm', 'reads'])
  expect(r.outbox.status().lanes.alarm.count).toBe(1)
  await r.ack({ alarm: '2', reads: '1' })
  expect(r.outbox.status().lanes.alarm.count).toBe(0)
})

test('D9 D16: without an ack the same records go again under the same numbers, for ever', async () => {
  const r = await rig()
  await r.outbox.append([record('custody', 1)])
  r.sender.linkUp()
  await r.ack({})
  await r.batches(1)
  for (let n = 2; n < 6; n++) {
    r.clock.advance(10_000)
    r.sender.tick()
    await r.batches(n)
  }
  expect(new Set(r.sent.map((b) => seqs(b)?.join())).size).toBe(1)
})

test('D16: a server that takes nothing after its restart is sent everything again at once', async () => {
  const r = await rig()
  await r.outbox.append([record('custody', 1)])
  r.sender.linkUp()
  await r.ack({})
  await r.batches(1)
  r.clock.advance(1000)
  await r.ack({})
  expect(seqs((await r.batches(2))[1])).toEqual(['1'])
})

test('D15: an older cursor is filled again', async () => {
  const r = await rig()
  await r.outbox.append([record('custody', 1), record('custody', 2)])
  r.sender.linkUp()
  await r.ack({})
  await r.batches(1)
  await r.ack({ custody: '2' })
  await r.ack({ custody: '0' })
  expect(seqs((await r.batches(2))[1])).toEqual(['1', '2'])
})

test('D12: however often the link goes and comes, the store stays as it is, and grows while it is away', async () => {
  const r = await rig()
  await r.outbox.append([record('custody', 0)])
  const before = r.outbox.status()
  for (let n = 1; n <= 20; n++) {
    r.sender.linkUp()
    await r.ack({})
    await r.batches(n)
    r.sender.linkDown()
  }
  expect(r.outbox.status()).toEqual(before)
  // Each connection was given the same record under the same number.
  expect(r.sent.map((b) => seqs(b)?.[0])).toEqual(Array(20).fill('1'))
  await r.outbox.append([record('custody', 1)])
  expect(r.outbox.status().lanes.custody).toMatchObject({ count: 2, cursor: '0', last: '2' })
  expect(r.births()).toBe(0)
})

test('D14: a cursor beyond our own last record makes a new epoch, which is announced', async () => {
  const r = await rig()
  const { epoch } = r.outbox.status()
  await r.outbox.append([record('custody', 1)])
  r.sender.linkUp()
  await r.ack({ custody: '77' })
  expect(r.births()).toBe(1)
  const batch = (await r.batches(1))[0]?.batch
  expect(batch?.data.epoch).not.toBe(epoch)
  expect(batch?.data.items.map((i) => i.data)).toEqual([1])
})

test('D13: a backlog goes in batches of at most 500 items and 256 KiB, in the order of the lane', async () => {
  const r = await rig()
  const many = Array.from({ length: 1200 }, (_, i) => record('telemetry', `${i}`.padEnd(300, '.')))
  await r.outbox.append(many)
  r.sender.linkUp()
  await r.ack({})
  await r.batches(2)
  const items = r.sent.flatMap((b) => b.batch.data.items)
  expect(r.sent[0]?.batch.data.items.length).toBe(500)
  expect(items.map((i) => Number(i.seq))).toEqual(items.map((_, i) => i + 1))
})
