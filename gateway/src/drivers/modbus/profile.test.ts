import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPoint } from './points.ts'
import { loadProfile, type Point, ProfileError, parseProfile } from './profile.ts'

test.each(['xy-md02', 'jxbs-pr3000', 'bank-modbus'])('profile %s is well-formed', (name) => {
  expect(loadProfile(name).id).toBe(name)
})

test.each(['no-such-profile', '../frames', 'xy-md02.yaml', ''])('%j is no profile', (name) => {
  expect(() => loadProfile(name)).toThrow(ProfileError)
})

test('everything that is wrong is said at once', () => {
  const text = `
id: x
title: x
blocks: [{ name: a, fc: 3, address: 0, count: 1 }]
points:
  - { key: p, block: a, at: 1, type: uint16 }
  - { key: p, block: b, at: 0, type: int32, order: AB }
`
  let said = ''
  try {
    parseProfile(text, 'x')
  } catch (error) {
    said = String(error)
  }
  expect(said).toContain('two points share a key')
  expect(said).toContain('point p lies outside block a')
  expect(said).toContain('no block b')
  expect(said).toContain('order AB does not fit int32')
})

test('an unknown field is an error, not ignored', () => {
  const text = 'id: x\ntitle: x\nblocks: []\npoints: []\nscript: rm'
  expect(() => parseProfile(text, 'x')).toThrow(ProfileError)
})

const point = (over: Partial<Point>): Point => ({
  key: 'p',
  block: 'b',
  at: 0,
  type: 'uint16',
  ...over,
})

test.each([
  [point({ type: 'int16', scale: 0.1 }), [0xff9b], { kind: 'value', value: -10.1 }],
  [point({ type: 'int16', scale: 0.1 }), [215], { kind: 'value', value: 21.5 }],
  [point({ sentinel: [0x7fff] }), [0x7fff], { kind: 'sentinel' }],
  [point({ scale: 0.1, plausible: [0, 100] }), [1001], { kind: 'implausible', value: 100.1 }],
  [point({ at: 3 }), [1, 2, 3], { kind: 'absent' }],
  [point({ type: 'bit', bit: 8 }), [0x100], { kind: 'value', value: 1 }],
  [point({ type: 'bit', bit: 8, activeLow: true }), [0x100], { kind: 'value', value: 0 }],
  [point({ order: 'BA' }), [0x3412], { kind: 'value', value: 0x1234 }],
  [point({ type: 'float32' }), [0x41ac, 0], { kind: 'value', value: 21.5 }],
  [point({ type: 'float32' }), [0x7fc0, 0], { kind: 'sentinel' }],
  [
    point({ type: 'uint32', order: 'ABCD' }),
    [0x1122, 0x3344],
    { kind: 'value', value: 0x11223344 },
  ],
  [
    point({ type: 'uint32', order: 'CDAB' }),
    [0x3344, 0x1122],
    { kind: 'value', value: 0x11223344 },
  ],
  [
    point({ type: 'uint32', order: 'BADC' }),
    [0x2211, 0x4433],
    { kind: 'value', value: 0x11223344 },
  ],
  [
    point({ type: 'uint32', order: 'DCBA' }),
    [0x4433, 0x2211],
    { kind: 'value', value: 0x11223344 },
  ],
])('point %j of %j', (p, registers, expected) => {
  expect(readPoint(p, registers)).toEqual(expected)
})

test('every signed and unsigned number is read as it was written', () => {
  fc.assert(
    fc.property(fc.integer(), (n) => {
      const registers = [(n >>> 16) & 0xffff, n & 0xffff]
      expect(readPoint(point({ type: 'int32' }), registers)).toEqual({ kind: 'value', value: n })
      expect(readPoint(point({ type: 'uint32' }), registers)).toEqual({
        kind: 'value',
        value: n >>> 0,
      })
    }),
    { seed: 5 },
  )
})
