import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Framing, rtu, tcp } from './frames.ts'
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  type ModbusReply,
  type ModbusRequest,
} from './pdu.ts'

interface Vectors {
  exchanges: {
    name: string
    unit: number
    transaction: number
    request: ModbusRequest
    reply: ModbusReply
    rtu: { request: string; reply: string }
    tcp: { request: string; reply: string }
  }[]
  bad: { name: string; framing: 'rtu' | 'tcp'; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/modbus.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const framings: Framing[] = [rtu, tcp]

for (const v of vectors.exchanges) {
  test.each(framings)(`golden exchange over $name: ${v.name}`, (framing) => {
    const transaction = framing.name === 'tcp' ? v.transaction : null
    const wire = v[framing.name]
    const asked = encodeRequest(v.request)
    expect(hex(framing.wrap({ unit: v.unit, transaction, pdu: asked }))).toBe(wire.request)
    expect(decodeRequest(asked)).toEqual(v.request)
    const scan = framing.scan(bytes(wire.reply))
    if (scan.kind !== 'frame') throw new Error(`no frame: ${JSON.stringify(scan)}`)
    expect(scan.frame).toMatchObject({ unit: v.unit, transaction })
    expect(scan.used).toBe(wire.reply.length / 2)
    expect(decodeReply(v.request, scan.frame.pdu)).toEqual(v.reply)
    expect(hex(encodeReply(v.request, v.reply))).toBe(hex(scan.frame.pdu))
  })
  test.each(framings)(`every beginning of the reply over $name asks for more: ${v.name}`, (f) => {
    const whole = bytes(v[f.name].reply)
    for (let n = 0; n < whole.length; n++)
      expect(f.scan(whole.subarray(0, n)).kind, `${n}`).toBe('more')
  })
}

test.each(vectors.bad)('bad frame: $name', ({ framing, hex: text }) => {
  expect((framing === 'rtu' ? rtu : tcp).scan(bytes(text)).kind).toBe('bad')
})

const word = fc.integer({ min: 0, max: 0xffff })
const address = fc.integer({ min: 0, max: 0xf000 })
const read = fc.record({
  fc: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
  address,
  count: fc.integer({ min: 1, max: 125 }),
})
const requests: fc.Arbitrary<ModbusRequest> = fc.oneof(
  read,
  fc.record({ fc: fc.constant(5 as const), address, on: fc.boolean() }),
  fc.record({ fc: fc.constant(6 as const), address, value: word }),
  fc.record({
    fc: fc.constant(15 as const),
    address,
    bits: fc.array(fc.boolean(), { minLength: 1, maxLength: 1968 }),
  }),
  fc.record({
    fc: fc.constant(16 as const),
    address,
    values: fc.array(word, { minLength: 1, maxLength: 123 }),
  }),
)
const replyTo = (r: ModbusRequest): fc.Arbitrary<ModbusReply> => {
  const refused = fc.record({
    kind: fc.constant('exception' as const),
    code: fc.integer({ min: 1, max: 11 }),
  })
  if (!('count' in r)) return fc.oneof(refused, fc.constant({ kind: 'written' as const }))
  const exactly = { minLength: r.count, maxLength: r.count }
  const bits = fc.array(fc.boolean(), exactly).map((b) => ({ kind: 'bits' as const, bits: b }))
  const registers = fc
    .array(word, exactly)
    .map((values) => ({ kind: 'registers' as const, values }))
  return fc.oneof(refused, r.fc <= 2 ? bits : registers)
}

test('requests and replies survive the way out and back, in both framings', () => {
  const exchange = requests.chain((r) => fc.tuple(fc.constant(r), replyTo(r)))
  fc.assert(
    fc.property(exchange, fc.nat(255), word, ([r, reply], unit, transaction) => {
      expect(decodeRequest(encodeRequest(r))).toEqual(r)
      for (const f of framings) {
        const frame = {
          unit,
          transaction: f === tcp ? transaction : null,
          pdu: encodeReply(r, reply),
        }
        const scan = f.scan(f.wrap(frame))
        if (scan.kind !== 'frame') throw new Error(scan.kind)
        expect(decodeReply(r, scan.frame.pdu)).toEqual(reply)
        // And the bytes again from what was read.
        expect(hex(f.wrap(scan.frame))).toBe(hex(f.wrap(frame)))
      }
    }),
    { seed: 20261122, numRuns: 300 },
  )
})

test('no single wrong bit of an RTU reply is taken for a reply', () => {
  const [first] = vectors.exchanges
  if (!first) throw new Error('no vectors')
  const good = bytes(first.rtu.reply)
  for (let bit = 0; bit < good.length * 8; bit++) {
    const wrong = good.slice()
    wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const scan = rtu.scan(wrong)
    const taken = scan.kind === 'frame' && decodeReply(first.request, scan.frame.pdu).kind !== 'bad'
    expect(taken, `bit ${bit}`).toBe(false)
  }
})

test('fuzz: any bytes give more, a frame inside them, or bad, and never an exception', () => {
  const noise = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(noise, requests, (chunk, r) => {
      for (const f of framings) {
        const scan = f.scan(chunk)
        if (scan.kind === 'frame') expect(scan.used).toBeLessThanOrEqual(chunk.length)
      }
      expect(['bits', 'registers', 'written', 'exception', 'bad']).toContain(
        decodeReply(r, chunk).kind,
      )
      decodeRequest(chunk)
    }),
    { seed: 7, numRuns: 2000 },
  )
})

test.each([
  ['no registers', { fc: 3, address: 0, count: 0 }],
  ['too many registers', { fc: 3, address: 0, count: 126 }],
  ['a range over the end', { fc: 3, address: 0xffff, count: 2 }],
  ['a value of 17 bits', { fc: 6, address: 0, value: 0x1_0000 }],
] as [string, ModbusRequest][])('%s cannot be asked for', (_, r) => {
  expect(() => encodeRequest(r)).toThrow(RangeError)
})
