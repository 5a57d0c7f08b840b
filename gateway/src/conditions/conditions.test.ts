import { type FactBody, facts, VirtualClock } from '@lantai/contracts'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { checkDevices } from '../core/device-file.ts'
import type { KnownDevice } from '../drivers/driver.ts'
import { Fire } from '../interlock/fire.ts'
import { firesOf } from '../wiring.ts'
import { Conditions } from './conditions.ts'
import { conditionKey } from './register.ts'

type Condition = FactBody<'lantai.condition.v1'>

const air = {
  id: 'air-1',
  label: '温湿度总线',
  driver: 'modbus-air',
  line: { transport: 'tcp', host: '127.0.0.1', port: 1502 },
  profile: 'xy-md02',
  everyMs: 10_000,
  units: [{ id: 'th-1', label: '东北角', unit: 1, room: 'R1', xMm: 0, yMm: 0 }],
  limits: {
    temperature: { low: 14, high: 24, deadband: 0.5 },
    humidity: { low: 45, high: 60, deadband: 1 },
    onDelayMs: 20_000,
    offDelayMs: 20_000,
  },
}
const shelf = {
  id: 'shelf-b1',
  label: '甲组',
  driver: 'modbus-shelving',
  line: { transport: 'tcp', host: '127.0.0.1', port: 1503 },
  unit: 1,
  profile: 'bank-modbus',
  everyMs: 500,
  bank: 'B1',
  room: 'R1',
  columns: [1, 2],
  notProvided: ['door'],
}

const dry = {
  id: 'dry-1',
  label: '触点',
  driver: 'modbus-contacts',
  line: { transport: 'tcp', host: '127.0.0.1', port: 1504 },
  unit: 1,
  everyMs: 200,
  inputs: (['water', 'door', 'intrusion', 'tamper', 'batteryLow', 'fault'] as const).map(
    (means, address) => ({
      id: means.toLowerCase(),
      label: means,
      room: 'R1',
      means,
      address,
      activeLow: true,
    }),
  ),
}

const list = checkDevices({ version: 1, devices: [air, shelf] })
const withContacts = checkDevices({ version: 1, devices: [dry] })
const devices = list.ok ? list.devices : []

/** Conditions whose told states are stored as the gateway stores them, so that a restart can be tried. */
function rig(
  clock = new VirtualClock(),
  store: Record<string, string> = {},
  known: readonly KnownDevice[] = devices,
) {
  const told: Condition[] = []
  const conditions = new Conditions(known, store, clock, (c) => {
    expect(Value.Check(facts['lantai.condition.v1'].body, c)).toBe(true)
    store[conditionKey(c.key)] = JSON.stringify(c)
    told.push(c)
  })
  const humid = (value: number, seconds = 10) => {
    conditions.readings('air-1', 'th-1', { temperature: 20, humidity: value })
    clock.advance(seconds * 1000)
  }
  return { clock, store, told, conditions, humid }
}

test('a limit alarms after its delay, and returns only inside the deadband and after its delay', () => {
  const r = rig()
  r.humid(61)
  expect(r.told).toEqual([])
  r.humid(62)
  r.humid(62)
  expect(r.told).toMatchObject([
    { key: 'humidityHigh:th-1', active: true, priority: 2, value: 62, limit: 60, unit: '%RH' },
  ])
  r.humid(59.5, 60)
  expect(r.told).toHaveLength(2)
  expect(r.told[1]?.kind).toBe('sensorSilent')
  r.humid(58.9)
  r.humid(58.9)
  r.humid(58.9)
  expect(r.told.at(-1)).toMatchObject({ key: 'humidityHigh:th-1', active: false })
})

test('a short excursion is no alarm', () => {
  const r = rig()
  for (const value of [61, 59, 61, 59, 61, 59]) r.humid(value)
  expect(r.told).toEqual([])
})

test('three silent intervals are one alarm of low priority, and a reading ends it', () => {
  const r = rig()
  r.humid(50, 29)
  expect(r.told).toEqual([])
  r.clock.advance(1000)
  expect(r.told).toMatchObject([{ key: 'sensorSilent:th-1', active: true, priority: 3 }])
  r.humid(50)
  expect(r.told.at(-1)).toMatchObject({ key: 'sensorSilent:th-1', active: false })
})

test('S12: a lost line is one alarm, not one per sensor; a hiccup is none', () => {
  const r = rig()
  r.humid(50)
  r.conditions.health('air-1', 'offline')
  r.clock.advance(4000)
  r.conditions.health('air-1', 'online')
  r.clock.advance(10_000)
  expect(r.told).toEqual([])
  r.conditions.health('air-1', 'offline')
  r.clock.advance(120_000)
  expect(r.told).toMatchObject([{ key: 'deviceOffline:air-1', active: true }])
  r.conditions.health('air-1', 'online')
  expect(r.told.at(-1)).toMatchObject({ key: 'deviceOffline:air-1', active: false })
})

test('a sensor that has not spoken since the start has longer for its first word', () => {
  const r = rig()
  r.clock.advance(30_000 + 7999)
  expect(r.told).toEqual([])
  r.clock.advance(1)
  expect(r.told).toMatchObject([{ key: 'sensorSilent:th-1', active: true }])
})

test('a silent sensor ends no alarm: what is not known is not good', () => {
  const r = rig()
  for (let n = 0; n < 4; n++) r.humid(70)
  expect(r.told).toHaveLength(1)
  r.clock.advance(600_000)
  expect(r.told.map((c) => [c.key, c.active])).toEqual([
    ['humidityHigh:th-1', true],
    ['sensorSilent:th-1', true],
  ])
})

test('a restart makes no second alarm, and an alarm that went meanwhile returns under its key', () => {
  const first = rig()
  for (let n = 0; n < 4; n++) first.humid(70)
  const second = rig(first.clock, first.store)
  for (let n = 0; n < 4; n++) second.humid(70)
  expect(second.told).toEqual([])
  for (let n = 0; n < 4; n++) second.humid(50)
  expect(second.told).toMatchObject([{ key: 'humidityHigh:th-1', active: false }])
})

test('S12: contacts that have not spoken since the start are an alarm after ten seconds, not at once', () => {
  const r = rig()
  const panel = { id: 'p', label: '主机', device: 'contacts-1', room: 'R1', means: 'fire' as const }
  const fire = new Fire([panel], {}, r.clock)
  const lookFor = (ms: number) => {
    for (let at = 0; at < ms; at += 250) {
      r.conditions.fire(fire.points(), (p) => fire.stateOf(p))
      r.clock.advance(250)
    }
  }
  lookFor(9750)
  expect(r.told).toEqual([])
  lookFor(750)
  expect(r.told).toMatchObject([{ key: 'fireLinkLost:R1', priority: 1, active: true }])
})

test('S8 S12: fire is latched until reset by a named person; a lost module is fireLinkLost, not fire', () => {
  const r = rig()
  const inputs = [
    {
      id: 'fire-panel',
      label: '消防主机',
      device: 'contacts-1',
      room: 'R1',
      means: 'fire' as const,
    },
    {
      id: 'fault',
      label: '主机故障',
      device: 'contacts-1',
      room: 'R1',
      means: 'panelFault' as const,
    },
  ]
  const fire = new Fire(inputs, {}, r.clock)
  const look = (reset?: { by: string; reason: string }) =>
    r.conditions.fire(fire.points(), (p) => fire.stateOf(p), reset)
  const report = (id: string, state: 'active' | 'clear' | 'unknown') => {
    fire.report(id, state)
    look()
  }
  report('fault', 'clear')
  report('fire-panel', 'active')
  expect(r.told).toMatchObject([
    { key: 'fire:fire-panel', kind: 'fire', active: true, latched: true },
  ])
  report('fire-panel', 'clear')
  expect(r.told.at(-1)).toMatchObject({ active: false, latched: true })
  r.clock.advance(2001)
  look()
  r.clock.advance(2000)
  expect(r.told.at(-1)).toMatchObject({ key: 'fireLinkLost:R1', priority: 1, active: true })
  report('fire-panel', 'clear')
  report('fault', 'clear')
  expect(r.told.at(-1)).toMatchObject({ key: 'fireLinkLost:R1', active: false })
  fire.reset('R1')
  look({ by: '李', reason: '误报' })
  expect(r.told.at(-1)).toMatchObject({ key: 'fire:fire-panel', latched: false, resetBy: '李' })
  report('fault', 'active')
  expect(r.told.at(-1)).toMatchObject({
    key: 'panelFault:fault',
    kind: 'fireLinkLost',
    active: true,
  })
})

/** Six contacts that are no fire signal; all were heard once and are clear. */
function contactRig() {
  if (!withContacts.ok) throw new Error(withContacts.wrong.join())
  const known = withContacts.devices
  const r = rig(new VirtualClock(), {}, known)
  const report = (input: string, state: 'active' | 'clear' | 'unknown') =>
    r.conditions.contact('dry-1', input, state)
  for (const { id } of dry.inputs) report(id, 'clear')
  return { ...r, report }
}

test.each([
  ['water', 'water', 1],
  ['intrusion', 'intrusion', 1],
  ['tamper', 'tamper', 2],
  ['batteryLow', 'batteryLow', 3],
  ['fault', 'detectorFault', 2],
] as const)('S8: %s is the alarm %s at once, and never latches', (means, kind, priority) => {
  const r = contactRig()
  const input = means.toLowerCase()
  r.report(input, 'active')
  expect(r.told).toMatchObject([
    { key: `${kind}:${input}`, kind, priority, active: true, latched: false },
  ])
  r.report(input, 'unknown')
  expect(r.told).toHaveLength(1)
  r.report(input, 'clear')
  expect(r.told.at(-1)).toMatchObject({ kind, active: false, latched: false })
})

test('a door that is used is no alarm; one that stays open is', () => {
  const r = contactRig()
  r.report('door', 'active')
  r.clock.advance(59_000)
  r.report('door', 'clear')
  r.report('door', 'active')
  r.clock.advance(59_999)
  expect(r.told).toEqual([])
  r.clock.advance(1)
  expect(r.told).toMatchObject([{ kind: 'doorOpen', active: true }])
})

test('S12: a contact that is not known is an alarm; a lost device is one, not one for each contact', () => {
  const r = contactRig()
  r.report('water', 'unknown')
  r.clock.advance(9999)
  expect(r.told).toEqual([])
  r.clock.advance(1)
  expect(r.told).toMatchObject([{ key: 'contactLost:water', kind: 'contactLost', active: true }])
  r.report('water', 'clear')
  expect(r.told.at(-1)).toMatchObject({ key: 'contactLost:water', active: false })
  r.conditions.health('dry-1', 'offline')
  r.clock.advance(120_000)
  expect(r.told.slice(2)).toMatchObject([{ key: 'deviceOffline:dry-1', active: true }])
})

test('contacts that come back unknown after the link did are told one by one', () => {
  const r = contactRig()
  r.conditions.health('dry-1', 'offline')
  r.clock.advance(1000)
  r.conditions.health('dry-1', 'online')
  for (const { id } of dry.inputs) if (id !== 'tamper') r.report(id, 'clear')
  r.clock.advance(10_000)
  expect(r.told).toMatchObject([{ key: 'contactLost:tamper', active: true }])
})

test('S1: water, doors and the like feed no fire input', () => {
  expect(firesOf(withContacts.ok ? withContacts.devices : [])).toEqual([])
})

test('what a fire panel shows stands in the alarm, and belongs to that alarm alone', () => {
  const r = rig()
  const point = {
    id: 'fire-1',
    label: '火警',
    device: 'panel-1',
    room: 'R1',
    means: 'fire' as const,
  }
  const fire = new Fire([point], {}, r.clock)
  const say = (state: 'active' | 'clear', text?: string) => {
    r.conditions.contact('panel-1', 'fire-1', state, text)
    fire.report('fire-1', state)
    r.conditions.fire(fire.points(), (p) => fire.stateOf(p))
  }
  say('active', 'FIRE ZONE 3')
  expect(r.told.at(-1)?.where.label).toBe('火警 · FIRE ZONE 3')
  say('clear')
  fire.reset('R1')
  r.conditions.fire(fire.points(), (p) => fire.stateOf(p))
  say('active')
  expect(r.told.at(-1)).toMatchObject({ active: true, where: { label: '火警' } })
})
