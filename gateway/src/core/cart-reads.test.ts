import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Conditions } from '../conditions/conditions.ts'
import { checkDevices } from './device-file.ts'
import { createEvents, type EventDeps } from './events.ts'
import type { FactToRecord } from './recorder.ts'

const readers = checkDevices({
  version: 1,
  devices: [
    { id: 'desk-1', label: 'd', driver: 'llrp', host: '10.0.0.7', port: 5084, role: 'desk' },
    { id: 'cart-1', label: 'c', driver: 'llrp', host: '10.0.0.8', port: 5084, role: 'cart' },
  ],
})

const devices = readers.ok ? readers.devices : []

test.each([true, false])(
  'rounds of a reader are facts where the server understands them: %s; the last ones are told at the end',
  (understood) => {
    const clock = new VirtualClock()
    const facts: FactToRecord[] = []
    const events = createEvents({
      ...{ devices, clock, understood: () => understood },
      record: (list: FactToRecord[]) => void facts.push(...list),
      pressure: { of: () => 'free' },
      conditions: new Conditions(devices, {}, clock, () => undefined),
    } as Partial<EventDeps> as EventDeps)
    const round = { kind: 'round' as const, antennas: [1], fromMs: 0, toMs: 900, troubles: [] }
    for (const epcs of [['A'], ['A', 'B'], ['C']]) {
      events.take({ ...round, device: 'desk-1', epcs }, 0)
      events.take({ ...round, device: 'nobody', epcs }, 0)
    }
    events.stop()
    const told = facts.map((f) => f.data as { rounds: number; tags: number })
    const all = [
      { rounds: 1, tags: 1, reader: 'desk-1' },
      { rounds: 2, tags: 3 },
    ]
    expect(told).toMatchObject(understood ? all : [])
    expect(told).toHaveLength(understood ? 2 : 0)
  },
)

test('what the cart reads on a walk is no sighting: it says where a box stands, not who brought it', () => {
  const clock = new VirtualClock()
  const facts: FactToRecord[] = []
  const bad: string[] = []
  const events = createEvents({
    ...{ devices, clock },
    record: (list: FactToRecord[]) => void facts.push(...list),
    badRead: (device: string) => void bad.push(device),
    pressure: { of: () => 'free' },
    conditions: new Conditions(devices, {}, clock, () => undefined),
    // Neither bank nor contact: nothing of this comes to the interlock.
  } as Partial<EventDeps> as EventDeps)
  const read = { epc: 'E280116060000209AAAA0001', antenna: 1, count: 1, rssiDbm: -60 }
  for (const device of ['cart-1', 'desk-1']) {
    events.take({ kind: 'tags', device, reads: [read] }, 0)
    clock.advance(60_000)
  }
  const odometry = { stretch: 1, xMm: 5, deviceUs: null, roundTripMs: 1 }
  events.take({ kind: 'odometry', device: 'odo-1', ...odometry }, 0)
  events.take({ kind: 'tags', device: 'cart-1', reads: [{ ...read, epc: 'XYZ' }] }, 0)
  events.stop()
  expect(new Set(facts.map((f) => `${f.type} ${f.subject}`))).toEqual(
    new Set(['lantai.sighting.v1 desk-1']),
  )
  expect(bad).toEqual(['cart-1'])
})
