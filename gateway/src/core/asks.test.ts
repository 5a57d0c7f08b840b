import { randomUUID } from 'node:crypto'
import { type DeviceAsk, type TestReport, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { type AskDeps, Asks } from './asks.ts'
import { air, file, known, shelf } from './config-testing.ts'
import { trialRefusal } from './trial-host.ts'

const clock = new VirtualClock()
const at = (ms: number) => new Date(clock.now() + ms).toISOString()
const ask = (what: DeviceAsk['what'], more: Partial<DeviceAsk> = {}): DeviceAsk => ({
  ...{ id: randomUUID(), gateway: 'gw-01', what, by: '系统员', nonce: 'n' },
  ...{ issuedAt: at(0), expiresAt: at(5000) },
  ...more,
})
const identify = { kind: 'identify' as const, device: 'air-1' }
const trial = { kind: 'test' as const, entry: air('air-9'), forMs: 1000 }
const report = { device: 'air-9' } as TestReport

function asks(more: Partial<AskDeps> = {}) {
  return new Asks({
    clock,
    identify: (device) => (device === 'air-1' ? Promise.resolve('beeped') : null),
    refusal: () => [],
    trial: async () => ({ report }),
    ...more,
  })
}
const holds = () => clock.mono() + 1000

test('S5: what is asked holds while nonce and expiry hold, and is answered once', async () => {
  const a = asks()
  const asked = ask(identify)
  expect(await a.take(asked, holds())).toMatchObject({
    ask: asked.id,
    answer: { kind: 'identify', answer: 'beeped' },
  })
  expect(await a.take(asked, holds())).toBe(null)
  const refusals = await Promise.all([
    a.take(ask(identify), null),
    a.take(ask(identify), clock.mono() - 1),
    a.take(ask(identify, { expiresAt: at(60_000) }), holds()),
    a.take(ask(identify, { issuedAt: at(-9000), expiresAt: at(-4000) }), holds()),
    a.take(ask({ kind: 'identify', device: 'nobody' }), holds()),
  ])
  expect(refusals.map((r) => r?.answer)).toEqual([
    { kind: 'refused', reasons: ['the nonce does not hold'] },
    { kind: 'refused', reasons: ['the nonce does not hold'] },
    { kind: 'refused', reasons: ['it would hold too long'] },
    { kind: 'refused', reasons: ['expired'] },
    { kind: 'refused', reasons: ['nobody does not run here'] },
  ])
})

test('one trial at a time, and none of what is refused', async () => {
  const begun = Promise.withResolvers<{ report: TestReport }>()
  const a = asks({ trial: () => begun.promise })
  const first = a.take(ask(trial), holds())
  expect((await a.take(ask(trial), holds()))?.answer).toEqual({
    kind: 'refused',
    reasons: ['another trial is running'],
  })
  begun.resolve({ report })
  expect((await first)?.answer).toEqual({ kind: 'test', report })
  const wrong = asks({ refusal: () => ['a', 'b'] })
  expect((await wrong.take(ask(trial), holds()))?.answer).toEqual({
    kind: 'refused',
    reasons: ['a', 'b'],
  })
})

test('S9: nothing is tried that a running device uses, itself included; a disabled one is in nobody’s way', () => {
  const running = known(file(shelf('b1', 'B1'), air('air-1')))
  const refusal = (entry: ReturnType<typeof air>, on = running) =>
    trialRefusal(entry, on, on.find((d) => d.entry.driver === entry.driver)?.kind)
  expect(refusal(shelf('b1', 'B1'))).toEqual([
    '127.0.0.1:1501 unit 1 is in use by b1, which runs: disable it first',
  ])
  expect(
    refusal(air('new', { line: { transport: 'tcp', host: '127.0.0.2', port: 1600 } })),
  ).toEqual([])
  expect(refusal(air('air-1', { everyMs: 'soon' })).join()).toContain('everyMs')
  const off = known(file({ ...shelf('b1', 'B1'), disabled: true }))
  expect(refusal(shelf('b1', 'B1'), off)).toEqual([])
})
