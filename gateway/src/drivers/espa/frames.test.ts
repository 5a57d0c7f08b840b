import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decoded } from '../decode.ts'
import { espaDecoder } from './decode.ts'
import { bccOf, etx, readBlock, rs, soh, stx, us } from './frames.ts'
import { withParity } from './line.ts'

interface Vectors {
  lines: { name: string; hex: string; says: Record<string, unknown>[] }[]
}
const file = new URL('../../../../contracts/vectors/espa.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const seed = { seed: 20_261_122 }

const decode = (chunks: readonly Uint8Array[]): Decoded[] => {
  const decoder = espaDecoder()
  return [...chunks.flatMap((c) => decoder.push(c)), ...decoder.end()]
}
/** A block with its frame, from records of plain text. */
function block(header: string, records: readonly (readonly [string, string])[]): Uint8Array {
  const bytes = records.flatMap(([id, text], i) => [
    ...(i === 0 ? [] : [rs]),
    ...Buffer.from(id),
    us,
    ...Buffer.from(text),
  ])
  const body = Uint8Array.from([...Buffer.from(header), stx, ...bytes, etx])
  return Uint8Array.from([soh, ...body, bccOf(body)])
}

test.each(vectors.lines)('golden line: $name', ({ hex, says }) => {
  const told = decode([new Uint8Array(Buffer.from(hex, 'hex'))])
  expect(told.map((d) => ('message' in d ? d.message : { error: d.error }))).toEqual(says)
})

const text = fc.string({ maxLength: 30, unit: fc.constantFrom(...'FIRE 0123:/-abc') })
const record = fc.tuple(fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '9'), text)

test('what is encoded is decoded, whatever value the BCC has', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('1', '2', '3'),
      fc.array(record, { maxLength: 6 }),
      (header, records) => {
        const frame = block(header, records)
        expect(decode([frame])).toMatchObject([{ offset: 0, length: frame.length }])
        const message = readBlock(frame.subarray(1, -1), 'windows-1252')
        const plain = records.map(([id, t]) => ({ id, text: t.trim() }))
        expect(message).toEqual({ header, records: plain })
      },
    ),
    { ...seed, numRuns: 1000 },
  )
})

const noise = fc.array(
  fc.oneof(
    fc.constantFrom(1, 2, 3, 4, 5, 6, 0x15, 0x1e, 0x1f, 0x31, 0x32),
    fc.integer({ min: 0, max: 255 }),
  ),
  { maxLength: 80 },
)
test('any bytes, split anywhere, give the same, and every byte is accounted for once', () => {
  fc.assert(
    fc.property(
      noise,
      fc.array(record, { maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (n, records, cuts) => {
        const all = Uint8Array.from([...n, ...block('1', records), ...n])
        const whole = decode([all])
        const at = [...new Set(cuts.map((c) => c % (all.length + 1)))].sort((a, b) => a - b)
        const parts = [0, ...at].map((from, i) => all.subarray(from, at[i] ?? all.length))
        expect(decode(parts)).toEqual(whole)
        let next = 0
        for (const d of whole) {
          expect(d.offset).toBe(next)
          next += d.length
        }
        expect(next).toBe(all.length)
      },
    ),
    { ...seed, numRuns: 2000 },
  )
})

test('texts come in the encoding of the settings, without their line ends', () => {
  const fire = Uint8Array.from([0x31, stx, 0x32, us, 0xbb, 0xf0, 0xbe, 0xaf, 0x0d, 0x0a, etx])
  expect(readBlock(fire, 'gb18030')?.records).toEqual([{ id: '2', text: '火警' }])
})

test('seven bits get an even number of ones', () => {
  expect([0x06, 0x15, 0x04, 0x31, 0x00].map(withParity)).toEqual([0x06, 0x95, 0x84, 0xb1, 0x00])
})
