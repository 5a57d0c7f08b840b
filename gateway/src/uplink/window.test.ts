import { type Lane, lanes, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OutboxStatus } from '../outbox/types.ts'
import { SendWindow } from './window.ts'

function status(
  last: Partial<Record<Lane, number>>,
  bytes: Partial<Record<Lane, number>> = {},
): OutboxStatus {
  const one = (lane: Lane) => ({
    count: 1,
    bytes: bytes[lane] ?? 1,
    quota: 1,
    oldestAt: null,
    last: String(last[lane] ?? 0),
    cursor: '0',
  })
  const all = {
    alarm: one('alarm'),
    custody: one('custody'),
    reads: one('reads'),
    telemetry: one('telemetry'),
  }
  return { epoch: 'e', lastSeq: '9', lanes: all, quarantined: 0 }
}

test('G3: alarm and custody go first', () => {
  const w = new SendWindow(new VirtualClock())
  const s = status({ alarm: 4, custody: 3, reads: 2, telemetry: 1 })
  const order: Lane[] = []
  for (let lane = w.next(s); lane; lane = w.next(s)) {
    order.push(lane)
    w.sending(lane, s.lanes[lane].last, 100)
  }
  expect(order.slice(0, 2)).toEqual(['alarm', 'custody'])
  expect(order).toHaveLength(4)
})

test('G3: reads and telemetry each get at least a tenth, whatever the other one has waiting', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 1e9 }),
      (reads, telemetry) => {
        const w = new SendWindow(new VirtualClock())
        const sum = { reads: 0, telemetry: 0, alarm: 0, custody: 0 }
        for (let n = 1; n <= 200; n++) {
          const s = status({ reads: n + 1000, telemetry: n + 1000 }, { reads, telemetry })
          const lane = w.next(s)
          if (!lane) break
          w.sending(lane, String(n), 1000)
          sum[lane] += 1000
          w.acked({ alarm: '0', custody: '0', reads: String(n), telemetry: String(n) })
        }
        expect(Math.min(sum.reads, sum.telemetry)).toBeGreaterThanOrEqual(
          0.09 * (sum.reads + sum.telemetry),
        )
      },
    ),
  )
})

test('a lane has at most four batches under way; an ack makes room, a timeout sends all of them again', () => {
  const clock = new VirtualClock()
  const w = new SendWindow(clock)
  const s = status({ reads: 99 })
  for (let n = 1; n <= 4; n++) w.sending('reads', String(n * 10), 1)
  expect(w.next(s)).toBeNull()
  const zero = Object.fromEntries(lanes.map((l) => [l, '0'])) as Record<Lane, string>
  expect(w.acked({ ...zero, reads: '10' })).toBe(true)
  expect(w.next(s)).toBe('reads')
  expect(w.after('reads')).toBe('40')
  clock.advance(9999)
  expect(w.overdue()).toBe(false)
  clock.advance(1)
  expect(w.overdue()).toBe(true)
  w.rewind(s)
  expect(w.after('reads')).toBe('0')
  expect(w.oldestMs()).toBeNull()
})
