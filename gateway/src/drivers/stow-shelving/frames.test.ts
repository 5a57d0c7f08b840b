import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitsAgree } from '../testing/splits.ts'
import { readAlarms } from './alarms.ts'
import { createDecoder } from './decode.ts'
import { decodeReply, openRequest, replyFault, type StowReply, statusRequest } from './frames.ts'

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
  const good = fc.constantFrom(...vectors.replies.map((r) => bytes(r.hex)))
  const stream = fc
    .array(fc.oneof(good, fc.uint8Array({ maxLength: 25 })), { maxLength: 6 })
    .map((parts) => new Uint8Array(Buffer.concat(parts)))
  splitsAgree(stream, createDecoder)
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
