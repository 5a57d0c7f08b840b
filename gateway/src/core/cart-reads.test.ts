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
