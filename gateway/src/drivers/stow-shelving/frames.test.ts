import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitsAgree } from '../testing/splits.ts'
import { readAlarms } from './alarms.ts'
import { createDecoder } from './decode.ts'
import {
  decodeReply,
  decodeRequest,
  openRequest,
  replyFault,
  type StowReply,
  statusRequest,
} from './frames.ts'

interface Vectors {
  requests: { name: string; aisle?: number; hex: string }[]
  replies: { name: string; hex: string; reply: StowReply }[]
  bad: { name: string; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/stow.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (b: Uint8Array) => Buffer.from(b).toString('hex').toUpperCase()

test.each(vectors.requests)('golden request: $name', ({ aisle, hex: text }) => {
  expect(hex(aisle === undefined ? statusRequest() : openRequest(aisle))).toBe(text)
})
test.each(vectors.replies)('golden reply: $name', ({ hex: text, reply }) => {
  expect(replyFault(bytes(text))).toBeNull()
  expect(decodeReply(bytes(text))).toEqual(reply)
})
test.each(vectors.bad)('no reply: $name', ({ hex: text }) => {
  expect(replyFault(bytes(text))).not.toBeNull()
})

test('every bit of an alarm, a flag and a light has its own place', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (b) => {
      const r = decodeReply(b)
      const back = (on: readonly boolean[]) => on.reduce((n, x, i) => n | (x ? 1 << i : 0), 0)
      expect(back(r.alarms)).toBe((b[8] ?? 0) | (((b[9] ?? 0) & 0x1f) << 8))
      expect(back(Object.values(r.flags))).toBe((b[5] ?? 0) & 0x7f)
      const lights = Buffer.from(b).readUInt32LE(10)
      expect(r.lit).toEqual(
        [...Array(32).keys()].filter((i) => (lights >>> i) & 1).map((i) => i + 1),
      )
    }),
    { seed: 36 },
  )
})

test('a captured stream reads the same however it is split', () => {
  const all = [...vectors.replies, ...vectors.requests].map((r) => bytes(r.hex))
  const good = fc.constantFrom(...all)
  const stream = fc
    .array(fc.oneof(good, fc.uint8Array({ maxLength: 25 })), { maxLength: 6 })
    .map((parts) => new Uint8Array(Buffer.concat(parts)))
  splitsAgree(stream, createDecoder)
})

const read = (...parts: string[]) => {
  const decoder = createDecoder()
  return [...decoder.push(bytes(parts.join(''))), ...decoder.end()].map((d) => {
    if (!('message' in d)) return d
    const { type, asks, version } = d.message
    return [d.offset, type, asks ?? version]
  })
}
const [status = '', open = ''] = vectors.requests.map((r) => r.hex)
const [manual = '', moving = ''] = vectors.replies.map((r) => r.hex)
const opened = `0701${moving.slice(4)}`

test('a stream of both directions is read as asked and answered, one of replies alone as replies', () => {
  expect(decodeRequest(bytes(open))).toEqual({ asks: 'open', aisle: 7 })
  expect(read(status, manual, open, opened, status)).toEqual([
    [0, 'request', 'status'],
    [2, 'reply', '2.5'],
    [22, 'request', 'open'],
    [24, 'reply', '2.5'],
    [44, 'request', 'status'],
  ])
  expect(read(manual, opened, manual)).toEqual([
    [0, 'reply', '2.5'],
    [20, 'reply', '2.5'],
    [40, 'reply', '2.5'],
  ])
})

test('an answer whose version looks like the request is an answer, where the version is known or it was asked for', () => {
  const odd = (hex: string) => `${hex.slice(0, 4)}0701${hex.slice(8)}`
  expect(read(odd(manual), odd(opened))).toEqual([
    [0, 'reply', '7.1'],
    [20, 'reply', '7.1'],
  ])
  expect(read(open, odd(opened), open)).toMatchObject([
    [0, 'request', 'open'],
    [2, 'reply', '7.1'],
    [22, 'request', 'open'],
  ])
})

test('a request that nobody answered and another with its answer are two requests and one reply', () => {
  expect(read(status, open, opened)).toEqual([
    [0, 'request', 'status'],
    [2, 'request', 'open'],
    [4, 'reply', '2.5'],
  ])
  expect(read(status, manual, open, status, manual)).toEqual([
    [0, 'request', 'status'],
    [2, 'reply', '2.5'],
    [22, 'request', 'open'],
    [24, 'request', 'status'],
    [26, 'reply', '2.5'],
  ])
})

test('a damaged reply is told, and the next question and answer are found', () => {
  expect(read(status, manual, 'FFEEDD', status, moving)).toEqual([
    [0, 'request', 'status'],
    [2, 'reply', '2.5'],
    { offset: 22, length: 3, error: 'no request is echoed' },
    [25, 'request', 'status'],
    [27, 'reply', '2.5'],
  ])
})

const alarms = (...on: number[]) => Array.from({ length: 13 }, (_, i) => on.includes(i))

test('S1 alarm bits are read by the table that was confirmed for this very version', () => {
  const late = { table: 'late', version: '2.5' } as const
  expect(readAlarms(alarms(3), '2.5', late)).toEqual({
    inputs: { eStop: 'active', obstacle: 'clear', controllerFault: 'clear' },
    words: ['emergency shutdown'],
  })
  const early = { table: 'early', version: '2.5' } as const
  expect(readAlarms(alarms(3), '2.5', early).inputs).toMatchObject({
    eStop: 'clear',
    obstacle: 'active',
  })
})

test.each([
  ['nobody confirmed a table', undefined],
  ['another version than the confirmed one', { table: 'late', version: '2.4' } as const],
])('S1 a bit on which the readings disagree makes both inputs unknown: %s', (_, setting) => {
  const said = readAlarms(alarms(3), '2.5', setting)
  expect(said.inputs).toEqual({ eStop: 'unknown', obstacle: 'unknown', controllerFault: 'clear' })
  expect(said.words).toEqual(['alarm 8.3'])
  expect(readAlarms(alarms(0), '2.5', setting).inputs.obstacle).toBe('active')
  expect(Object.values(readAlarms(alarms(), '2.5', setting).inputs)).toEqual([
    'clear',
    'clear',
    'clear',
  ])
})
