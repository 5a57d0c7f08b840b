import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  loadAnyProfile,
  loadProfile,
  ProfileError,
  parseProfile,
  profileNames,
  profileWrong,
} from './load-profile.ts'
import { pointOf, readPoint, readState } from './points.ts'
import { type Point, profileSchemas } from './profile.ts'

test.each(profileNames())(
  'profile %s is well-formed, and stands in the table of the README',
  (name) => {
    const { id, title, certainty } = loadAnyProfile(name)
    expect(id).toBe(name)
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``))
    expect(row).toContain(title)
    expect(row).toContain(`[${certainty}]`)
  },
)

test.each(['no-such-profile', '../frames', 'xy-md02.yaml', ''])('%j is no profile', (name) => {
  expect(() => loadAnyProfile(name)).toThrow(ProfileError)
})

/** What is said about a profile of two registers and these points. */
function said(text: string): string {
  try {
    parseProfile(text, 'x')
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError)
    return String(error)
  }
}
const head = `
id: x
title: x
source: this test
certainty: ours
tcp: { replyMs: 100, settleMs: 100 }
`
const block = 'blocks: [{ name: a, fc: 3, address: 0, count: 1 }]'
const contacts = (points: string, more = '') =>
  said(`${head}serves: contacts\n${block}\npoints:\n${points}\n${more}`)

test('everything that is wrong is said at once', () => {
  const all = said(`${head}
serves: contacts
blocks:
  - { name: a, fc: 3, address: 0, count: 1 }
  - { name: b, fc: 2, address: 65535, count: 2 }
  - { name: b, fc: 4, address: 0, count: 126 }
  - { name: c, fc: 3, address: 0, count: columns }
points:
  - { key: p, block: a, at: 1, type: uint16, activeFrom: 1 }
  - { key: p, block: z, at: 0, type: int32, order: AB, enum: { "1": active } }
  - { key: q, block: b, at: 0, type: uint16, plausible: [9, 1] }
  - { key: r, block: a, at: 0, type: bit, scale: 2 }
  - { key: s, block: a, at: 0, type: uint16, enum: { "1": active }, activeFrom: 3 }
  - { key: t, block: b, at: 0, type: bit, bit: 3, activeLow: true }
  - { key: u, block: a, at: 0, type: int16, bit: 3, activeLow: true, activeFrom: 1 }
`)
  for (const complaint of [
    'two blocks share a name',
    'two points share a key',
    'block b goes beyond the last address',
    'block b has more than 125 registers',
    'block c has columns, which only shelving has',
    'point p lies outside block a',
    'point p has no block z',
    'point p has order AB that does not fit int32',
    'point q must be a plain bit in block b of bits',
    'point q has plausible limits that are crossed',
    'point q needs enum or activeFrom',
    'point r does not say which bit of the register',
    'point r has scale and is a bit',
    'point s has both enum and activeFrom',
    'point t must be a plain bit in block b of bits',
    'point u has a bit and is int16',
    'point u has activeLow and is int16',
  ])
    expect(all).toContain(complaint)
})

test('the point of an air sensor is a quantity, and no contact', () => {
  const all = said(`${head}serves: air\n${block}\npoints:
  - { key: smell, block: a, at: 0, type: uint16 }
  - { key: humidity, block: a, at: 0, type: uint16, activeFrom: 3 }`)
  expect(all).toContain('point smell is no quantity: temperature, humidity')
  expect(all).toContain('point humidity has enum or activeFrom, which only contacts have')
})

test.each([
  ['commands', 'commands: { address: 0, verbs: { stop: 4 }, answer: 1, refusals: {} }'],
  ['settings', 'settings: [{ key: reset, fc: 6, address: 0x0100 }]'],
  ['writes', 'writes: []'],
])('a read-only profile has no word for a write: %s is refused', (field, text) => {
  const points = '  - { key: p, block: a, at: 0, type: uint16, activeFrom: 1 }'
  expect(contacts(points)).toBe('')
  expect(contacts(points, text)).toContain(field)
})

test('no block of any profile can name a function that writes', () => {
  for (const fn of [5, 6, 15, 16, 22, 23])
    expect(
      said(`${head}serves: contacts
blocks: [{ name: a, fc: ${fn}, address: 0, count: 1 }]
points: [{ key: p, block: a, at: 0, type: uint16, activeFrom: 1 }]`),
    ).toContain('/blocks/0/fc')
  expect(Object.keys(profileSchemas.contacts.properties)).not.toContain('commands')
  expect(Object.keys(profileSchemas.air.properties)).not.toContain('commands')
})

test.each([
  [
    'an unknown field',
    'id: x\ntitle: x\nserves: air\nblocks: []\npoints: []\nscript: rm',
    'script',
  ],
  ['no purpose', 'id: x', '/serves must be'],
  ['a key twice', 'id: x\nid: y\nserves: air', 'unique'],
  ['no YAML', 'a: [', 'profile x'],
  [
    'neither line',
    `${head.replace(/tcp.*/, '')}serves: air\n${block}\npoints: [{ key: humidity, block: a, at: 0, type: uint16 }]`,
    'neither rtu nor tcp',
  ],
])('%s is an error, not ignored', (_, text, complaint) => {
  expect(said(text)).toContain(complaint)
})

test('a profile serves what it was made for, on the lines that it knows', () => {
  const tcp = { transport: 'tcp', host: '127.0.0.1', port: 502 } as const
  const rtu = { transport: 'rtu', path: '/dev/x', baud: 9600, parity: 'none', stopBits: 1 } as const
  expect(profileWrong('aspirating', 'contacts', tcp)).toEqual([])
  expect(profileWrong('aspirating', 'contacts', rtu)).toEqual([
    'profile aspirating says nothing about rtu',
  ])
  expect(profileWrong('xy-md02', 'contacts', tcp)).toEqual([
    'profile xy-md02 is for air, not for contacts',
  ])
  expect(profileWrong('gone', 'air', tcp)).toEqual(['there is no profile gone'])
})

const stateOf = (profile: string, key: string, values: number[]) => {
  const found = pointOf(loadProfile(profile, 'contacts'), key)
  if (!found) throw new Error(`${profile} has no ${key}`)
  return readState(found, values)
}
test.each([
  ['sqr-2', 'input3', [1, 1, 1, 0, 1, 1, 1, 1], 'active'],
  ['sqr-2', 'input0', [1, 1, 1, 0, 1, 1, 1, 1], 'clear'],
  ['sqr-2', 'input7', [1, 1, 1], 'unknown'],
  ['smartalarm', 'alarm2', [0, 66], 'active'],
  ['smartalarm', 'alarm2', [0, 68], 'active'],
  ['smartalarm', 'alarm2', [0, 69], 'clear'],
  ['smartalarm', 'alarm2', [0, 64], 'clear'],
  ['smartalarm', 'alarm2', [0, 70], 'unknown'],
  ['smartalarm', 'disabled1', [3], 'active'],
  ['smartalarm', 'disabled1', [0], 'unknown'],
  ['aspirating', 'fire', [2, 0, 900, 1], 'active'],
  ['aspirating', 'fire', [1, 0, 300, 1], 'clear'],
  ['aspirating', 'fire', [3, 0, 0, 1], 'unknown'],
  ['aspirating', 'preAlarm', [1, 0, 300, 1], 'active'],
  ['aspirating', 'airflowFault', [0, 0b10, 0, 1], 'active'],
  ['aspirating', 'generalFault', [0, 0b10, 0, 1], 'clear'],
  ['aspirating', 'levelHigh', [0, 0, 800, 1], 'active'],
  ['aspirating', 'levelHigh', [0, 0, 799, 1], 'clear'],
  ['aspirating', 'levelHigh', [0, 0, 0xffff, 1], 'unknown'],
  ['aspirating', 'levelHigh', [0, 0, 1001, 1], 'unknown'],
  ['water-leak', 'leak', [2], 'active'],
  ['water-leak', 'leak', [1], 'clear'],
  ['water-leak', 'leak', [0], 'unknown'],
  ['door-contact', 'door', [0, 1], 'active'],
  ['dio-8', 'output2', [0, 0, 1, 0, 0, 0, 0, 0], 'active'],
] as const)('%s: %s of %j is %s', (profile, key, values, state) => {
  expect(stateOf(profile, key, [...values])).toBe(state)
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
