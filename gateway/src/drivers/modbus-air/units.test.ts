import { expect, test } from 'vitest'
import { checkDevices } from '../../core/device-file.ts'
import { Units } from './units.ts'

test('a reading that is older than the profile allows makes a sensor silent, and a new one ends it', () => {
  const units = new Units(['a', 'b'], 5000)
  units.answered('a', false, 0)
  units.answered('b', false, 0)
  units.answered('a', false, 4000)
  expect(units.turned(5000)).toEqual([])
  expect(units.turned(5001)).toEqual([{ id: 'b', silent: true }])
  expect(units.silentCount(5001)).toBe(1)
  // Its fault value is no reading.
  units.answered('b', true, 6000)
  expect(units.turned(6000)).toEqual([])
  units.answered('b', false, 7000)
  expect(units.turned(7000)).toEqual([{ id: 'b', silent: false }])
})

const entry = (over: object) => ({
  id: 'air-1',
  label: 'air',
  driver: 'modbus-air',
  line: { transport: 'tcp', host: 'h', port: 502 },
  profile: 'xy-md02',
  everyMs: 1000,
  units: [{ id: 't', label: 't', room: 'R1', xMm: 0, yMm: 0, unit: 0 }],
  limits: {
    temperature: { low: 14, high: 24, deadband: 1 },
    humidity: { low: 45, high: 60, deadband: 2 },
    onDelayMs: 0,
    offDelayMs: 0,
  },
  ...over,
})
const wrongWith = (over: object) => {
  const result = checkDevices({ version: 1, devices: [entry(over)] })
  return result.ok ? [] : result.wrong
}

test('D12 unit 0 is a TCP device, and everybody on a serial line; a profile must be one for air', () => {
  const rtu = { transport: 'rtu', path: '/dev/x', baud: 9600, parity: 'none', stopBits: 1 }
  expect(wrongWith({})).toEqual([])
  expect(wrongWith({ line: rtu })).toEqual(['devices.0 units: 0 is everybody on a serial line'])
  expect(wrongWith({ profile: 'sqr-2' })).toHaveLength(1)
})
