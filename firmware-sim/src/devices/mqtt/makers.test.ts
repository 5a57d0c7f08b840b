import { expect, test } from 'vitest'
import { impinjMaker } from '../mqtt-impinj/maker.ts'
import { zebraMaker } from '../mqtt-zebra/maker.ts'
import { published } from '../mqtt-zigbee/devices.ts'

const read = {
  epc: '303423000000000000000001',
  tid: null,
  antenna: 2,
  channel: 1,
  rssiDbm: -53.25,
  phaseRad: Math.PI / 2,
  firstUs: 1_795_327_391_119_000n,
  lastUs: 1_795_327_391_119_000n,
  count: 1,
}
const parsed = (texts: string[]) => texts.map((t) => JSON.parse(t))

test('an Impinj event has base64 in the alphabet of URLs, centi-dBm and its body under its own key', () => {
  const [event] = parsed(impinjMaker().messages([{ ...read, epc: 'FBFF00000000000000000001' }]))
  expect(event).toMatchObject({ eventType: 'tagInventory', timestamp: expect.stringMatching(/Z$/) })
  expect(event.tagInventoryEvent).toMatchObject({
    epc: '-_8AAAAAAAAAAAAB',
    antennaPort: 2,
    peakRssiCdbm: -5325,
    phaseAngle: 90,
    lastSeenTime: '2026-11-22T06:03:11.119Z',
  })
  expect(impinjMaker().overflow(37)).toContain('"overflowEvent":{}')
})

test('a Zebra FX9600 sends arrays of at most twenty, an FXR90 one object a message, both number their events', () => {
  const array = zebraMaker('array')
  const batches = parsed(array.messages(Array.from({ length: 25 }, () => read)))
  expect(batches.map((b) => b.length)).toEqual([20, 5])
  expect(batches.flat().map((e) => e.data.eventNum)).toEqual(
    Array.from({ length: 25 }, (_, i) => i + 1),
  )
  expect(batches[0][0]).toMatchObject({
    data: {
      PC: '3000',
      antenna: 2,
      format: 'epc',
      idHex: '303423000000000000000001',
      peakRssi: -53,
      reads: 1,
    },
    timestamp: '2026-11-22T06:03:11.119+0000',
    type: 'INVENTORY',
  })
  expect(array.overflow(37)).toBeNull()
  expect(parsed(array.messages([read]))[0][0].data.eventNum).toBe(63)
  const [single] = parsed(zebraMaker('single').messages([read]))
  expect(single.data.eventNum).toBe(1)
})

test('no message of a Zebra reader is longer than it may be', () => {
  const long = { ...read, tid: 'E2'.repeat(12) }
  for (const text of zebraMaker('array').messages(Array.from({ length: 200 }, () => long)))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6_144)
})

test('an open loop is smoke, water, or a door that says contact false', () => {
  const by = (closed: boolean[]) =>
    Object.fromEntries(
      published({ 1: { temperature: 20, humidity: 50 } }, closed).map((s) => [s.name, s.state]),
    )
  expect(by([])).toMatchObject({
    'air-1': { temperature: 20, humidity: 50 },
    'smoke-1': { smoke: false, tamper: false, battery_low: false },
    'water-1': { water_leak: false },
    'door-1': { contact: true },
  })
  expect(by([false, false, false])).toMatchObject({
    'smoke-1': { smoke: true },
    'water-1': { water_leak: true },
    'door-1': { contact: false },
  })
})
