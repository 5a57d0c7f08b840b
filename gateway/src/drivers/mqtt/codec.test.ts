import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { impinjJson } from '../impinj-iot/decode.ts'
import { understandImpinj } from '../impinj-iot/frames.ts'
import { EventNumbers } from '../zebra-iotc/event-numbers.ts'
import { understandZebra } from '../zebra-iotc/frames.ts'
import { parseOnline, parseState } from '../zigbee2mqtt/frames.ts'
import { modelNames, modelOf } from '../zigbee2mqtt/models.ts'
import { instantMs } from './json.ts'
import { jsonMessages } from './json-messages.ts'
import { JsonStream } from './json-stream.ts'
import { PacketGate } from './packet-gate.ts'

const seed = 3
const piecesOf = (bytes: Uint8Array, cuts: number[]) => {
  const places = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}
const cuts = fc.array(fc.nat(2_000), { maxLength: 12 })
/** JSON, pieces of JSON, and bytes that are neither. */
const messy = fc
  .array(
    fc.oneof(
      fc.json({ maxDepth: 3 }).map((t) => Buffer.from(t)),
      fc.json({ maxDepth: 2 }).map((t) => Buffer.from(t.slice(0, t.length >> 1))),
      fc
        .constantFrom('{"eventType":"overflow"}', '\n', '\r\n', '[', ']', ',', '{', '}', '"', '{"')
        .map((t) => Buffer.from(t)),
      fc.uint8Array({ maxLength: 8 }).map((b) => Buffer.from(b)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts))

describe('a stream of JSON', () => {
  test('any split gives the same, and every byte that is no white space is accounted for', () => {
    fc.assert(
      fc.property(messy, cuts, (bytes, at) => {
        const whole = impinjJson()
        const once = [...whole.push(bytes), ...whole.end()]
        const split = impinjJson()
        const often = [...piecesOf(bytes, at).flatMap((p) => split.push(p)), ...split.end()]
        expect(often).toEqual(once)
        const covered = new Set<number>()
        for (const { offset, length } of once)
          for (let i = offset; i < offset + length; i++) covered.add(i)
        for (const [i, b] of bytes.entries())
          if (!covered.has(i)) expect('\n\r\t ,[]').toContain(String.fromCharCode(b))
      }),
      { seed, numRuns: 1_000 },
    )
  })

  test('objects one behind the other, one a line, or in an array come out as they went in', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), {
      minLength: 1,
      maxLength: 6,
    })
    const form = fc.constantFrom('concatenated', 'lines', 'array')
    fc.assert(
      fc.property(objects, form, cuts, (values, how, at) => {
        const texts = values.map((v) => JSON.stringify(v))
        const text =
          how === 'array' ? `[${texts.join(',')}]` : texts.join(how === 'lines' ? '\n\r\n' : '')
        const stream = new JsonStream({ known: () => true, limitBytes: 64 * 1024 })
        const bytes = Buffer.from(text)
        const out = [...piecesOf(bytes, at).flatMap((p) => stream.push(p)), ...stream.end()]
        expect(out.map((p) => ('value' in p ? JSON.stringify(p.value) : p))).toEqual(texts)
      }),
      { seed, numRuns: 500 },
    )
  })

  test('an object without an end is given up at its limit, and what follows is found', () => {
    const stream = new JsonStream({
      known: (v) => JSON.stringify(v) === '{"ok":1}',
      limitBytes: 1_000,
    })
    const bytes = Buffer.from(`{"a":"${'x'.repeat(5_000)}\n{"ok":1}`)
    const out = [...stream.push(bytes), ...stream.end()]
    expect(out).toEqual([
      { offset: 0, length: 5_006, error: 'longer than 1000 bytes' },
      { offset: 5_007, length: 8, value: { ok: 1 } },
    ])
  })
})

test('no bytes whatever make a parser of messages throw', () => {
  fc.assert(
    fc.property(messy, (bytes) => {
      understandImpinj(bytes, 'degrees')
      understandZebra(bytes, 'degrees', new EventNumbers())
      for (const name of modelNames) parseState(bytes, modelOf(name))
      parseOnline(bytes)
      expect(jsonMessages(bytes).length).toBeLessThanOrEqual(bytes.length)
    }),
    { seed, numRuns: 1_000 },
  )
})

test('a read that a reader could send is taken in whole', () => {
  const words = fc.uint8Array({ minLength: 1, maxLength: 15 }).map((b) => Buffer.concat([b, b]))
  fc.assert(
    fc.property(
      words,
      fc.integer({ min: 1, max: 32 }),
      fc.integer({ min: -9000, max: 0 }),
      (epc, antenna, rssi) => {
        const tagInventoryEvent = {
          epc: epc.toString('base64url'),
          antennaPort: antenna,
          peakRssiCdbm: rssi,
        }
        const said = understandImpinj(Buffer.from(JSON.stringify({ tagInventoryEvent })), 'none')
        const hex = epc.toString('hex').toUpperCase()
        expect(said).toEqual({
          reads: [{ epc: hex, antenna, count: 1, rssiDbm: rssi / 100 }],
          notes: [],
          bad: [],
        })
      },
    ),
    { seed },
  )
})

describe('event numbers', () => {
  test('every number that was passed over is counted once, whatever comes twice', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, (moves) => {
        const numbers = new EventNumbers()
        numbers.take(100, '100')
        let at = 100
        let missing = 0
        let counted = 0
        for (const [by, twice] of moves) {
          at += by
          missing += by - 1
          const said = numbers.take(at, String(at))
          if (said.kind === 'missing') counted += said.count
          if (twice) expect(numbers.take(at, String(at))).toEqual({ kind: 'again' })
        }
        expect(counted).toBe(missing)
      }),
      { seed },
    )
  })
  test('a number that comes late is no restart; one that goes back is', () => {
    const numbers = new EventNumbers()
    expect(numbers.take(5, 'a')).toEqual({ kind: 'next' })
    expect(numbers.take(8, 'b')).toEqual({ kind: 'missing', count: 2 })
    expect(numbers.take(7, 'c')).toEqual({ kind: 'late' })
    expect(numbers.take(5, 'other tag')).toEqual({ kind: 'restarted' })
    expect(numbers.take(6, 'd')).toEqual({ kind: 'next' })
  })
})

test.each([
  ['2023-02-24T10:14:42.851+0000', '2023-02-24T10:14:42.851Z'],
  ['2025-05-17T16:03:13.944189383Z', '2025-05-17T16:03:13.944Z'],
  ['2026-11-22T14:03:11+08:00', '2026-11-22T06:03:11Z'],
  ['2026-11-22T14:03:11', undefined],
  ['yesterday', undefined],
])('the instant %s', (text, same) => {
  expect(instantMs(text)).toBe(same === undefined ? undefined : Date.parse(same))
})

describe('what is too large', () => {
  const publish = (topic: string, payload: Buffer, packetId: number) => {
    const t = Buffer.from(topic)
    const body = Buffer.concat([
      Buffer.from([t.length >> 8, t.length & 0xff]),
      t,
      Buffer.from([packetId >> 8, packetId & 0xff]),
      payload,
    ])
    const length: number[] = []
    for (let n = body.length; length.length === 0 || n > 0; n >>= 7)
      length.push((n & 0x7f) | (n >> 7 > 0 ? 0x80 : 0))
    return Buffer.concat([Buffer.from([0x32, ...length]), body])
  }
  test('does not pass, is named by topic and number, and its neighbours pass, for any split', () => {
    const small = publish('a/b', Buffer.from('x'.repeat(50)), 7)
    const large = publish('c/d', Buffer.from('y'.repeat(3_000)), 9)
    const bytes = Buffer.concat([small, large, small])
    fc.assert(
      fc.property(fc.array(fc.nat(4_000), { maxLength: 20 }), (at) => {
        const gate = new PacketGate(1_000)
        const parts = piecesOf(bytes, at).flatMap((p) => gate.feed(p))
        const passed = Buffer.concat(parts.flatMap((p) => ('pass' in p ? [p.pass] : [])))
        expect(passed).toEqual(Buffer.concat([small, small]))
        const over = parts.flatMap((p) => ('oversized' in p ? [p.oversized] : []))
        expect(over).toMatchObject([{ topic: 'c/d', packetId: 9, bytes: 3_007 }])
        expect(Buffer.from(over[0]?.evidence ?? []).toString()).toMatch(/^y{256}/)
      }),
      { seed },
    )
  })
  test('a length of more than four bytes is no MQTT', () => {
    expect(() => new PacketGate(1_000).feed(Buffer.alloc(6, 0xff))).toThrow('no MQTT')
  })
  test('no bytes make it do anything but throw that', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          new PacketGate(100).feed(bytes)
        } catch (error) {
          expect(String(error)).toMatch(/no MQTT|no use/)
        }
      }),
      { seed, numRuns: 2_000 },
    )
  })
})
