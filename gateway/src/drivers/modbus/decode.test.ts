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

test.each([
  ['0117FF00000000000000FF', 'longer than any frame'],
  ['0103FE0000', 'half a frame at the end'],
  ['012B0D0000', 'function 43 of kind 13 is not known'],
])('why %s is no frame', (text, error) => {
  expect(decode(hex(text))[0]).toMatchObject({ offset: 0, error })
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
    .constantFrom(
      ...vectors.exchanges.flatMap((v) => [v.rtu.request, v.rtu.reply]),
      ...others.flatMap(([, asked, answered]) => [framed(9, asked), framed(9, answered)]),
    )
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

const framed = (unit: number, ...pdus: string[]) =>
  Buffer.concat(pdus.map((pdu) => wrapRtu(unit, hex(pdu)))).toString('hex')
const identity = '2b0e0101000003000341424301025859020131'
/** From the specification (Modbus Application Protocol 1.1b3), questions and answers of its own examples. */
const others: [string, string, string, object, object][] = [
  ['read exception status', '07', '076d', {}, { status: 0x6d }],
  ['diagnostics', '080000a537', '080000a537', { data: 0xa537 }, { data: 0xa537 }],
  ['get communication event counter', '0b', '0bffff0108', {}, { status: 0xffff, events: 0x108 }],
  ['get communication event log', '0c', '0c080000010801212000', {}, { data: '0000010801212000' }],
  ['report server id', '11', '110301ff05', {}, { data: '01ff05' }],
  [
    'mask write register',
    '16000400f20025',
    '16000400f20025',
    { address: 4, and: 0xf2, or: 0x25 },
    { address: 4 },
  ],
  [
    'read and write multiple registers',
    '1700030006000e00030600ff00ff00ff',
    '170c00fe0acd00010003000d00ff',
    { address: 3, count: 6, writeAddress: 14, values: [255, 255, 255] },
    { registers: [0xfe, 0xacd, 1, 3, 13, 255] },
  ],
  [
    'read device identification',
    '2b0e0100',
    identity,
    { mei: 14, access: 1, object: 0 },
    {
      conformity: 1,
      moreFollows: false,
      objects: [
        { id: 0, name: 'vendor', text: 'ABC' },
        { id: 1, name: 'productCode', text: 'XY' },
        { id: 2, name: 'revision', text: '1' },
      ],
    },
  ],
]

test.each(others)(
  'a function that no driver uses: %s',
  (name, asked, answered, question, answer) => {
    const around = framed(1, '0400010002')
    const fc = Number.parseInt(asked.slice(0, 2), 16)
    expect(messages(around + framed(9, asked, answered) + around)).toMatchObject([
      { role: 'request', function: 4 },
      { role: 'request', unit: 9, function: fc, name, ...question },
      { role: 'reply', unit: 9, function: fc, name, ...answer },
      { role: 'request', function: 4 },
    ])
    const refused = (fc | 0x80).toString(16)
    expect(messages(framed(9, `${refused}01`))).toMatchObject([
      { role: 'reply', function: fc, name, exception: 1, meaning: 'illegal function' },
    ])
  },
)

test('the only register of a read and write at the end of a capture is told', () => {
  expect(messages(framed(9, '1702002a'))).toMatchObject([{ role: 'reply', registers: [42] }])
})

test.each([
  ['report server id', '0111ff'],
  ['read and write', '0117ffffffffffffffffffff'],
  ['identification', '012b0e0101000003'],
])('what claims to be longer than any frame is not waited for: %s', (_, begin) => {
  const decoder = createModbusRtuDecoder()
  const bytes = Buffer.concat([hex(begin), Buffer.alloc(600, 0xff)])
  const told = [...decoder.push(bytes), ...decoder.push(wrapRtu(1, hex('0400010002')))]
  expect(told.length).toBeGreaterThan(0)
  expect([...told, ...decoder.end()].at(-1)).toMatchObject({ message: { function: 4 } })
})

test('endless noise is told piece by piece', () => {
  const decoder = createModbusRtuDecoder()
  const told = Array.from({ length: 40 }, () => decoder.push(new Uint8Array(100).fill(0x63))).flat()
  expect(told.length).toBeGreaterThan(10)
  for (const d of told) expect(d.length).toBeLessThanOrEqual(256)
})
