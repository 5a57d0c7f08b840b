import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decoded } from '../decode.ts'
import { createLlrpDecoder } from './decode.ts'

const seed = 20261122
const file = new URL('../../../../contracts/vectors/llrp.json', import.meta.url)
const { messages, malformed } = JSON.parse(readFileSync(file, 'utf8')) as Record<
  'messages' | 'malformed',
  { name: string; hex: string }[]
>
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const vector = (name: string) => messages.find((m) => m.name === name)?.hex ?? ''
const keepalive = vector('keepalive')

function decode(stream: Uint8Array, cuts: number[] = []): Decoded[] {
  const decoder = createLlrpDecoder()
  const at = [...new Set([0, ...cuts.map((c) => c % (stream.length + 1)), stream.length])].sort(
    (a, b) => a - b,
  )
  return [
    ...at.slice(1).flatMap((end, i) => decoder.push(stream.subarray(at[i], end))),
    ...decoder.end(),
  ]
}
const names = (all: Decoded[]) =>
  all.map((d) => {
    if ('error' in d) return d.error
    const { name } = d.message
    return name
  })

test('every vector is one object with its place in the stream', () => {
  const all = decode(bytes(messages.map((m) => m.hex).join('')))
  expect(all).toHaveLength(messages.length)
  let at = 0
  for (const [i, { hex }] of messages.entries()) {
    expect(all[i]).toMatchObject({ offset: at, length: hex.length / 2, message: {} })
    at += hex.length / 2
  }
})

test('a read says everything that it carries, Impinj parameters with their meaning', () => {
  const [read] = decode(bytes(vector('one read with phase, fine RSSI and TID')))
  expect(JSON.parse(JSON.stringify(read))).toMatchObject({
    message: {
      name: 'RO_ACCESS_REPORT',
      type: 61,
      version: '1.0.1',
      parameters: [
        {
          name: 'TagReportData',
          type: 240,
          parameters: expect.arrayContaining([
            { name: 'EPC96', type: 13, epc: '3414257BF400000000001A85' },
            expect.objectContaining({ subtype: 56, data: '0800', impinj: { phaseRad: Math.PI } }),
            expect.objectContaining({ impinj: { tid: 'E2801160600002051234ABCD' } }),
          ]),
        },
      ],
    },
  })
})

test('unknown parameters are kept as hex where they stood', () => {
  const tlv = '043D0000001A0000000100F000108100020384000701020386C4'
  const tv = '043D0000001B0000000100F0000B810002FF01020300F0000686C4'
  const unknown = (hex: string) => JSON.stringify(decode(bytes(hex)))
  expect(unknown(tlv)).toContain('{"name":"unknown","type":900,"form":"tlv","data":"010203"}')
  expect(unknown(tv)).toContain('{"name":"unknown","type":127,"form":"tv","data":"010203"}')
})

test.each(malformed)('$name: an error with its place, and on with the next', ({ hex }) => {
  const [first, second, ...rest] = decode(bytes(hex + keepalive))
  expect(first).toMatchObject({ offset: 0, length: hex.length / 2, error: expect.any(String) })
  expect(second).toMatchObject({ offset: hex.length / 2, message: { name: 'KEEPALIVE' } })
  expect(rest).toEqual([])
})

test.each<[string, string, unknown[]]>([
  ['noise', 'FFFFFFFFFFFFFFFFFFFFFFFFFF', ['no header: its first three bits are not zero']],
  ['a length of 3', '043D00000003000000010203', ['no header: a message of 3 bytes']],
  ['another version', '0C3E0000000A00000001', ['no header: LLRP version 3']],
  ['an unknown type', '07E80000000A00000001', ['no header: message type 1000']],
])('%s is one error up to the next header', (_, hex, errors) => {
  const all = decode(bytes(keepalive + hex + keepalive))
  expect(names(all)).toEqual(['KEEPALIVE', ...errors, 'KEEPALIVE'])
  expect(all[1]).toMatchObject({ offset: 10, length: hex.length / 2 })
})

test('a header in noise that claims what follows does not swallow it', () => {
  // 200 bytes are claimed and 10 + 20 are there.
  const all = decode(bytes(`043D000000C800000001${keepalive}${keepalive}`))
  expect(names(all)).toEqual(['half a message: 30 of 200 bytes', 'KEEPALIVE', 'KEEPALIVE'])
  expect(all[0]).toMatchObject({ offset: 0, length: 10 })
})

test('half a message at the end is an error with its offset', () => {
  expect(decode(bytes(keepalive + keepalive.slice(0, 14)))).toMatchObject([
    { offset: 0 },
    { offset: 10, length: 7, error: 'half a header: 7 of 10 bytes' },
  ])
})

const piece = fc.oneof(
  fc.constantFrom(...messages, ...malformed).map((m) => bytes(m.hex)),
  fc.uint8Array({ maxLength: 40 }),
)
test('any split gives the same, every byte is accounted for, and nothing throws', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat()), (pieces, cuts) => {
      const stream = new Uint8Array(Buffer.concat(pieces))
      const whole = decode(stream)
      expect(decode(stream, cuts)).toEqual(whole)
      let at = 0
      for (const { offset, length } of whole) {
        expect(offset).toBe(at)
        at += length
      }
      expect(at).toBe(stream.length)
    }),
    { seed, numRuns: 400 },
  )
})
