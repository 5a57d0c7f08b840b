import { expect, test } from 'vitest'
import { checkDevices } from '../../core/device-file.ts'

const wrongWith = (over: object) => {
  const entry = { id: 'r', label: 'r', driver: 'llrp', host: '10.0.0.8', port: 5084, ...over }
  const result = checkDevices({ version: 1, devices: [entry] })
  return result.ok ? [] : result.wrong
}

test('D12 a cart reads without end: a round would report each tag once, wherever it was heard', () => {
  const rounds = { everySeconds: 10, quietMs: 500, longestMs: 5000 }
  expect(wrongWith({ role: 'cart' })).toEqual([])
  expect(wrongWith({ role: 'desk', rounds })).toEqual([])
  expect(wrongWith({ role: 'cart', rounds })).toEqual([
    'devices.0 rounds: a cart reads without end',
  ])
})
