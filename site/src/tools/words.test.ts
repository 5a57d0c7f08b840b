import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HexText } from './hex-text.ts'
import { jsonSafe } from './json-safe.ts'

test('whatever a decoder gives can be written as JSON without losing a digit', () => {
  const value = {
    big: 18_446_744_073_709_551_615n,
    small: 7n,
    bytes: Uint8Array.of(0, 255),
    buffer: Buffer.from('AB'),
    none: Number.NaN,
    list: [1n, null, new Map([['a', Uint8Array.of(1)]])],
  }
  expect(JSON.parse(JSON.stringify(jsonSafe(value)))).toEqual({
    ...{ big: '18446744073709551615', small: 7, bytes: '00FF', buffer: '4142', none: 'NaN' },
    list: [1, null, { a: '01' }],
  })
})

test('hexadecimal as people copy it, split anywhere', () => {
  const text = '# captured\n04 3F:00-0a, 0xFF 0x10\n7e # the end\nzz A'
  const whole = new HexText()
  expect([...whole.push(text)]).toEqual([0x04, 0x3f, 0, 0x0a, 0xff, 0x10, 0x7e])
  expect([whole.strange, whole.end()]).toEqual([2, true])
  fc.assert(
    fc.property(fc.nat(text.length), (at) => {
      const parts = new HexText()
      const bytes = [...parts.push(text.slice(0, at)), ...parts.push(text.slice(at))]
      expect(bytes).toEqual([0x04, 0x3f, 0, 0x0a, 0xff, 0x10, 0x7e])
    }),
    { seed: 1 },
  )
})
