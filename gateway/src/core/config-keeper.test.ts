import { type DesiredConfig, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { driverKinds } from '../drivers/registry.ts'
import type { NewRecord, Put } from '../outbox/types.ts'
import {
  ConfigKeeper,
  firstConfig,
  type Objections,
  openKeeper,
  storedConfig,
} from './config-keeper.ts'
import type { ConfigPlan } from './config-plan.ts'
import { contactsLost, planOf } from './config-plan.ts'
import { reportParts } from './config-report.ts'
import { air, desired, file, known, panel, shelf } from './config-testing.ts'
import { Configurator } from './configurator.ts'
import { createLog } from './log.ts'
import { createRecorder } from './recorder.ts'

const smoke = panel('panel', [
  ['smoke-1', 'smoke'],
  ['fire-1', 'fire'],
])
const first = file(shelf('b1', 'B1'), air('air-1'), smoke)
const now = '2026-11-22T06:00:00.000Z'

/** A gateway's small store and its judgement, with everything that happened in order. */
function gateway(restored: Record<string, string> = {}, against: Partial<Objections> = {}) {
  const happened: string[] = []
  const facts: NewRecord[] = []
  const plans: ConfigPlan[] = []
  let room = true
  const clock = Object.assign(new VirtualClock(), { quality: () => 'synced' as const })
  const outbox = {
    append: async (records: NewRecord[], puts: Put[] = []) => {
      if (!room) return { stored: false as const, reason: 'full' as const }
      facts.push(...records)
      for (const p of puts) restored[p.key] = p.value ?? ''
      happened.push('stored')
      return { stored: true as const }
    },
  }
  const applied = storedConfig(restored)
  const running = applied ?? firstConfig(first, now)
  const keeper = new ConfigKeeper(running, known(running.body), restored)
  const configurator = new Configurator({
    ...{ keeper, clock, log: createLog('silent' as never, 'gw-01') },
    recorder: createRecorder(outbox as never, clock, 'boot'),
    against: { alarmed: () => false, busy: () => false, ...against },
    apply(plan) {
      happened.push('applied')
      plans.push(plan)
    },
    report: () => happened.push('reported'),
  })
  const want = (d: DesiredConfig) => configurator.want(d)
  const factBodies = () => facts.map((f) => (JSON.parse(f.rest) as { data: unknown }).data)
  return {
    ...{ keeper, happened, plans, restored, want, factBodies },
    fill: () => {
      room = false
    },
  }
}

test('G6: a plan touches only what is not the same text, whatever the order of keys and devices', () => {
  const before = known(first)
  const [b1, air1] = first.devices
  const turned = Object.fromEntries(Object.entries(air1 ?? {}).reverse()) as typeof air1
  const same = known(file(smoke, turned as never, b1 as never))
  expect(planOf(before, same)).toMatchObject({ added: [], removed: [], changed: [], stop: [] })
  const after = known(file(shelf('b1', 'B1'), air('air-1', { everyMs: 2000 }), smoke))
  const plan = planOf(before, after)
  expect([plan.stop, plan.start.map((d) => d.id)]).toEqual([['air-1'], ['air-1']])
})

test('a disabled device is not started, and one that was disabled is not stopped', () => {
  const off = known(file(air('air-1', { disabled: true })))
  expect(planOf([], off)).toMatchObject({ start: [], stop: [] })
  expect(planOf(off, known(file(air('air-1'))))).toMatchObject({
    stop: [],
    start: [{ id: 'air-1' }],
  })
})

test('D1 D12: a good list is on disk with its fact before anything changes, and reported after', async () => {
  const g = gateway()
  const body = file(
    ...first.devices,
    air('air-2', { line: { transport: 'tcp', host: 'h', port: 1 } }),
  )
  await g.want(desired(1, body))
  expect(g.happened).toEqual(['stored', 'applied', 'reported'])
  expect(g.factBodies()).toMatchObject([
    { version: 1, state: 'applied', by: '系统员', added: ['air-2'], changed: [], removed: [] },
  ])
  expect(g.plans[0]?.start.map((d) => d.id)).toEqual(['air-2'])
  expect(g.keeper.running.version).toBe(1)
})

test('D12: a bad list is rejected whole with every error; nothing changes but the record of it', async () => {
  const g = gateway()
  const bad = file(shelf('b1', 'B1'), shelf('b2', 'B1'), air('air-1', { everyMs: 'soon' }))
  await g.want(desired(1, bad))
  expect(g.happened).toEqual(['stored', 'reported'])
  expect(g.keeper.running.version).toBe(0)
  expect(g.keeper.judged).toMatchObject({ version: 1, state: 'rejected' })
  expect(g.factBodies()).toMatchObject([{ state: 'rejected', errors: g.keeper.judged?.errors }])
  const clash = file(shelf('b1', 'B1'), shelf('b2', 'B1'), air('air-1'), smoke)
  await g.want(desired(2, clash, { sha256: 'f'.repeat(64) }))
  expect(g.keeper.judged?.errors).toEqual([
    'sha256 is not of this list',
    'devices.1.bank "bank B1" is used by b1 already',
    ...[1, 2, 3].map((c) => `devices.1.columns "R1 column ${c}" is used by b1 already`),
    'devices.1.line "127.0.0.1:1501 unit 1" is used by b1 already',
  ])
})

test('the same refused list is judged again after a birth, and recorded once', async () => {
  const g = gateway()
  const bad = desired(1, file(shelf('b1', 'B1'), shelf('b1', 'B2'), smoke))
  await g.want(bad)
  await g.want(bad)
  expect(g.factBodies()).toHaveLength(1)
  expect(g.happened).toEqual(['stored', 'reported', 'reported'])
})

test('an older version is refused; the one that runs is known; a roll-back is a newer version with an old body', async () => {
  const g = gateway()
  const other = file(...first.devices.slice(0, 2).reverse(), smoke)
  await g.want(desired(2, other))
  await g.want(desired(2, other))
  expect(g.factBodies()).toHaveLength(1)
  await g.want(desired(1, first))
  expect(g.keeper.judged?.errors).toEqual(['version 1 is not newer than 2, which runs'])
  await g.want(desired(3, first))
  expect(g.keeper.running).toMatchObject({ version: 3, body: first })
})

test('G6: a boot runs the list that was applied last, whatever the file says', async () => {
  const restored = {}
  const g = gateway(restored)
  const body = file(
    ...first.devices,
    air('air-2', { line: { transport: 'tcp', host: 'h', port: 1 } }),
  )
  await g.want(desired(4, body))
  const again = gateway(restored)
  expect(again.keeper.running).toMatchObject({ version: 4, by: '系统员' })
  expect(again.keeper.devices.map((d) => d.entry.id)).toContain('air-2')
  expect(again.keeper.judged).toMatchObject({ version: 4, state: 'applied' })
})

test('a stored list that this version cannot run ends the start in one sentence; the file is used only before any other', () => {
  const open = (restored: Record<string, string>) =>
    openKeeper({ file: first, devices: known(first) }, restored, now)
  expect(open({}).running).toMatchObject({ version: 0, by: null })
  const stored = { version: 3, sha256: 'x', at: now, by: '系统员', body: first }
  const of = (body: object) => ({ 'config.applied': JSON.stringify({ ...stored, body }) })
  expect(open(of(first)).running.version).toBe(3)
  const strange = { version: 1, devices: [{ id: 'x', label: 'x', driver: 'telepathy' }] }
  expect(() => open(of(strange))).toThrow(
    'device list version 3 does not fit this gateway: devices.0.driver names no driver of this gateway',
  )
})

test('a store that is full leaves the list as it is', async () => {
  const g = gateway()
  g.fill()
  await g.want(desired(1, file(smoke)))
  expect(g.happened).toEqual(['reported'])
  expect(g.keeper.running.version).toBe(0)
})

const without = (...gone: string[]) =>
  file(
    ...first.devices.slice(0, 2),
    panel(
      'panel',
      (
        [
          ['smoke-1', 'smoke'],
          ['fire-1', 'fire'],
        ] as const
      ).filter(([id]) => !gone.includes(id)),
    ),
  )

test('S1: a fire contact is not taken away, disabled, moved or renamed in its meaning without a word', async () => {
  const disabled = file(...first.devices.slice(0, 2), { ...smoke, disabled: true })
  expect(contactsLost(known(first), known(disabled))).toEqual(['smoke-1', 'fire-1'])
  const other = panel('panel', [
    ['smoke-1', 'water'],
    ['fire-1', 'fire'],
  ])
  expect(contactsLost(known(first), known(file(other)))).toEqual(['smoke-1'])
  const inputs = smoke['inputs'] as { id: string; activeLow: boolean }[]
  const turned = inputs.map((i) => (i.id === 'fire-1' ? { ...i, activeLow: !i.activeLow } : i))
  const list = (d: object) => known(file(...first.devices.slice(0, 2), d as never))
  expect(contactsLost(known(first), list({ ...smoke, inputs: turned }))).toEqual(['fire-1'])
  expect(contactsLost(known(first), list({ ...smoke, unit: 9 }))).toEqual(['smoke-1', 'fire-1'])
  expect(contactsLost(known(first), list({ ...smoke, label: 'x' }))).toEqual([])
  const g = gateway()
  await g.want(desired(1, without('fire-1')))
  expect(g.keeper.judged?.errors).toEqual([
    'contact fire-1 would not be heard any more, or in another way, and nobody acknowledged that',
  ])
  await g.want(desired(2, without('fire-1'), { withoutContacts: ['fire-1'] }))
  expect(g.keeper.running.version).toBe(2)
  expect(g.factBodies().at(-1)).toMatchObject({ state: 'applied', withoutContacts: ['fire-1'] })
})

test('S8: a contact that is in alarm or latched stays, acknowledged or not', async () => {
  const g = gateway({}, { alarmed: (id) => id === 'smoke-1' })
  await g.want(desired(1, without('smoke-1'), { withoutContacts: ['smoke-1', 'fire-1'] }))
  expect(g.keeper.judged?.errors).toEqual([
    'contact smoke-1 is in alarm or latched: reset it on site first',
  ])
})

test('a bank in motion is not changed under way; others may be', async () => {
  const g = gateway({}, { busy: (bank) => bank === 'B1' })
  const moved = file(shelf('b1', 'B1', [1, 2, 3, 4]), ...first.devices.slice(1))
  await g.want(desired(1, moved))
  expect(g.keeper.judged?.errors).toEqual(['bank B1 is in motion: change it when it stands'])
  await g.want(desired(2, file(shelf('b1', 'B1'), smoke)))
  expect(g.keeper.running.version).toBe(2)
})

test('a report is cut into parts that the broker takes, and is whole again when they are put together', () => {
  const sensors = Array.from({ length: 60 }, (_, n) => n)
  const many = Array.from({ length: 90 }, (_, n) =>
    air(`air-${n}`, {
      line: { transport: 'tcp', host: '10.0.0.1', port: 1000 + n },
      units: sensors.map((u) => ({
        ...{ id: `s-${n}-${u}`, label: 'x'.repeat(60), room: 'R1', xMm: 1, yMm: 2, unit: u + 1 },
      })),
    }),
  )
  const body = file(...many)
  const keeper = new ConfigKeeper(firstConfig(body, now), known(body), {})
  const parts = reportParts(keeper, driverKinds.values())
  const sizes = parts.map((p) => Buffer.byteLength(JSON.stringify(p)))
  expect(Math.max(...sizes)).toBeLessThan(300 * 1024)
  const devices = parts.flatMap((p) => (p.part === 'devices' ? p.devices : []))
  expect(devices.map((d) => d.entry)).toEqual(body.devices)
  expect(parts[0]).toMatchObject({ part: 'result', devices: 90, drivers: driverKinds.size })
})
