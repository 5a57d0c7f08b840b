import { millis, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { DriverEvent } from '../driver.ts'
import { Backoff } from './backoff.ts'
import { BadFrames } from './bad-frames.ts'
import { Connection } from './connection.ts'
import { Health } from './health.ts'

const silent = pino({ level: 'silent' })

test('G5 waits double from 0.5 to 5 seconds', () => {
  const backoff = new Backoff(new VirtualClock(), () => 0)
  expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([
    500, 1000, 2000, 4000, 5000, 5000,
  ])
})

test('G5 jitter shortens a wait by a quarter at most, so the peer is found within 10 seconds', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const backoff = new Backoff(new VirtualClock(), () => random)
      for (const whole of [500, 1000, 2000, 4000, 5000]) {
        const wait = backoff.next()
        expect(wait).toBeLessThanOrEqual(whole)
        expect(wait).toBeGreaterThanOrEqual(whole * 0.75 - 1)
      }
    }),
    { seed: 1 },
  )
})

test('G5 ten seconds of health start the waits again, a shorter spell does not', () => {
  const clock = new VirtualClock()
  const backoff = new Backoff(clock, () => 0)
  backoff.next()
  backoff.up()
  clock.advance(9_999)
  expect(backoff.next()).toBe(1000)
  backoff.up()
  clock.advance(10_000)
  expect(backoff.next()).toBe(500)
})

test('G5 the time of a try that nobody answered counts as waiting, that of a session does not', () => {
  const clock = new VirtualClock()
  const backoff = new Backoff(clock, () => 0)
  expect([0, 300, 1500, 5000, 5000].map((spent) => backoff.next(0, spent))).toEqual([
    500, 700, 500, 500, 500,
  ])
  expect(backoff.next(750, 5000)).toBe(750)
  backoff.up()
  expect(backoff.next(0, 5000)).toBe(5000)
})

test('bad frames are counted for ever and judged by the last minute; one a minute is kept, 64 bytes of it', () => {
  const lines: { evidence: string; length: number }[] = []
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) })
  const clock = new VirtualClock()
  const bad = new BadFrames(clock, log)
  for (let i = 0; i < 19; i++) bad.note(new Uint8Array(100).fill(0xab), 'wrong CRC')
  expect(bad.many).toBe(false)
  bad.note(Uint8Array.of(1), 'wrong CRC')
  expect(bad.many).toBe(true)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ evidence: 'ab'.repeat(64), length: 100 })
  clock.advance(60_000)
  expect(bad.many).toBe(false)
  expect(bad.total).toBe(20)
  bad.note(Uint8Array.of(7), 'wrong CRC')
  expect(lines).toHaveLength(2)
})

test('health is told when it changes and only then; many bad frames degrade what is online', () => {
  const clock = new VirtualClock()
  const events: DriverEvent[] = []
  const bad = new BadFrames(clock, silent)
  const health = new Health('x', bad, (e) => events.push(e))
  const online = { state: 'online', detail: null } as const
  health.tell(online)
  health.tell(online)
  for (let i = 0; i < 20; i++) bad.note(new Uint8Array(0), 'x')
  health.tell(online)
  health.tell({ state: 'offline', detail: 'y'.repeat(400) })
  // Later tries fail for other reasons; only news is told again.
  health.tell({ state: 'offline', detail: 'refused' })
  health.tell({ state: 'offline', detail: 'held', news: true })
  const told = events.map((e) => (e.kind === 'health' ? [e.state, e.detail?.length] : []))
  expect(told).toEqual([
    ['online', undefined],
    ['degraded', '20 or more bad frames within a minute'.length],
    ['offline', 300],
    ['offline', 4],
  ])
})

test('everything that waits on a connection is woken when it ends, and nothing is written afterwards', async () => {
  const clock = new VirtualClock()
  const written: number[] = []
  const connection = new Connection(clock, (bytes) => written.push(bytes.length))
  connection.write(Uint8Array.of(1))
  const waits = [connection.pause(millis(1000)), connection.ended()]
  connection.end('first')
  connection.end('second')
  await Promise.all([...waits, connection.pause(millis(1000)), connection.ended()])
  connection.write(Uint8Array.of(2, 3))
  connection.receive(Uint8Array.of(1))
  expect(connection.endReason).toBe('first')
  expect(written).toEqual([1])
})
