import fc from 'fast-check'
import { expect, test } from 'vitest'
import vectors from '../../../../contracts/vectors/modbus.json' with { type: 'json' }
import type { Decoded } from '../decode.ts'
import { decoders } from '../decoders.ts'
import { createModbusRtuDecoder } from './decode.ts'
import { wrapRtu } from './frames.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
function decode(bytes: Uint8Array, cuts: readonly number[] = []): Decoded[] {
  const decoder = createModbusRtuDecoder()
  const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  const parts = at.slice(1).flatMap((end, i) => decoder.push(bytes.subarray(at[i], end)))
  return [...parts, ...decoder.end()]
}
const messages = (text: string) => decode(hex(text)).map((d) => ('message' in d ? d.message : d))

test('npm run decode knows it by name', async () => {
  expect(await decoders['modbus-rtu']?.()).toBe(createModbusRtuDecoder)
})

test.each(vectors.exchanges)(
  'golden exchange, both directions mixed: $name',
  ({ rtu, unit, request }) => {
    const [asked, answered] = messages(rtu.request + rtu.reply)
    const { fc: fn, ...fields } = request
    expect(asked).toMatchObject({ role: 'request', unit, function: fn, ...fields })
    expect(answered).toMatchObject({ role: 'reply', unit, function: fn })
  },
)

test('a reply is read with its request: address and the count of bits', () => {
  expect(messages('01020000000479C9' + '0102010E204C')[1]).toMatchObject({
    role: 'reply',
    address: 0,
    bits: [false, true, true, true],
  })
  expect(messages('010400010002200B' + '01040400D7020B0B1B')[1]).toMatchObject({
    address: 1,
    registers: [215, 523],
  })
  expect(messages('018302C0F1')[0]).toMatchObject({
    role: 'reply',
    exception: 2,
    meaning: 'illegal data address',
  })
})

test('without the request a reply says only what its bytes say', () => {
  expect(messages('01040400D7020B0B1B')[0]).toMatchObject({ role: 'reply', registers: [215, 523] })
  expect(messages('0102010E204C')[0]).toMatchObject({ role: 'reply', bytes: 1, data: '0e' })
})

test('eight bytes that may be both are called either, until the request before them tells', () => {
  const both = wrapRtu(1, hex('0203010204'))
  expect(decode(both)).toMatchObject([{ message: { role: 'either' } }])
  const asked = wrapRtu(1, hex('0200000014'))
  expect(decode(new Uint8Array([...asked, ...both]))).toMatchObject([
    { message: { role: 'request' } },
    { message: { role: 'reply', address: 0 } },
  ])
})

test('noise is one line with offset and reason, and the next frame is found', () => {
  expect(decode(hex(`FFEE00${'010400010002200B'}63${'01040400D7020B0B1B'}0104`))).toMatchObject([
    { offset: 0, length: 3, error: 'function 238 is not known' },
    { offset: 3, length: 8, message: { role: 'request' } },
    { offset: 11, length: 1 },
    { offset: 12, length: 9, message: { role: 'reply', registers: [215, 523] } },
    { offset: 21, length: 2, error: 'half a frame at the end' },
  ])
})

test('one wrong bit anywhere never passes for the frame', () => {
  const good = hex('01040400D7020B0B1B')
  for (let bit = 0; bit < good.length * 8; bit++) {
    const wrong = good.slice()
    wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(decode(wrong).some((d) => 'message' in d && d.length === good.length)).toBe(false)
  }
})

test('fuzz: any bytes, split anywhere, give the same; every byte is told exactly once', () => {
  const frame = fc
    .constantFrom(...vectors.exchanges.flatMap((v) => [v.rtu.request, v.rtu.reply]))
    .map(hex)
  const stream = fc
    .array(fc.oneof(frame, frame, fc.uint8Array({ maxLength: 40 })), { maxLength: 12 })
    .map((parts) => new Uint8Array(Buffer.concat(parts)))
  fc.assert(
    fc.property(stream, fc.array(fc.nat(300), { maxLength: 8 }), (bytes, cuts) => {
      const whole = decode(bytes)
      expect(
        decode(
          bytes,
          cuts.map((c) => Math.min(c, bytes.length)),
        ),
      ).toEqual(whole)
      expect(decode(bytes, Array.from(bytes.keys()))).toEqual(whole)
      let at = 0
      for (const d of whole) {
        expect(d.offset).toBe(at)
        at += d.length
      }
      expect(at).toBe(bytes.length)
    }),
    { seed: 485, numRuns: 500 },
  )
})

test('endless noise is told piece by piece', () => {
  const decoder = createModbusRtuDecoder()
  const told = Array.from({ length: 40 }, () => decoder.push(new Uint8Array(100).fill(0x63))).flat()
  expect(told.length).toBeGreaterThan(10)
  for (const d of told) expect(d.length).toBeLessThanOrEqual(256)
})
