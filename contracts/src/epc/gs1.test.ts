import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Epc96, encodeEpc, readGs1 } from './gs1.ts'
import { parsePc } from './pc.ts'
import { gidParts, headers, partsOf, type Scheme, schemeNames } from './schemes.ts'
import { parseTid } from './tid.ts'

const seed = 20261122
const digits = (n: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n }).map((d) => d.join(''))

/** Any EPC that its scheme allows. */
const epcs: fc.Arbitrary<Epc96> = fc
  .tuple(fc.constantFrom(...schemeNames), fc.nat(6), fc.nat(7))
  .chain(([scheme, partition, filter]) => {
    const shape = scheme === 'gid-96' ? gidParts : (partsOf(scheme, partition) ?? [])
    return fc.record({
      scheme: fc.constant<Scheme>(scheme),
      filter: fc.constant(scheme === 'gid-96' ? null : filter),
      parts: fc.tuple(
        ...shape.map((p) =>
          p.digits === null
            ? fc.bigInt({ min: 0n, max: (1n << BigInt(p.bits)) - 1n }).map(String)
            : digits(p.digits),
        ),
      ),
    })
  })

test('every EPC that a scheme allows survives the way out and back', () => {
  fc.assert(
    fc.property(epcs, (epc) => {
      const hex = encodeEpc(epc)
      expect(hex).toMatch(/^[0-9A-F]{24}$/)
      const pc = parsePc(0x3000)
      expect(readGs1(hex, pc)).toEqual({ ok: true, epc })
      expect(readGs1(hex.toLowerCase())).toEqual({ ok: true, epc })
    }),
    { seed, numRuns: 1000 },
  )
})

test('whatever is accepted encodes to the same bytes, and nothing throws', () => {
  const bytes = fc.uint8Array({ minLength: 11, maxLength: 11 })
  const known = fc.constantFrom(...Object.values(headers))
  let accepted = 0
  fc.assert(
    fc.property(known, bytes, (header, rest) => {
      const hex = [header, ...rest].map((b) => b.toString(16).padStart(2, '0')).join('')
      const read = readGs1(hex)
      if (!read.ok) return
      accepted += 1
      expect(encodeEpc(read.epc)).toBe(hex.toUpperCase())
    }),
    { seed, numRuns: 3000 },
  )
  expect(accepted).toBeGreaterThan(500)
})

test('any text is read or refused, and never throws', () => {
  const text = fc.oneof(fc.string({ maxLength: 70 }), fc.stringMatching(/^[0-9A-F]{0,70}$/))
  fc.assert(
    fc.property(text, fc.nat(0xffff), (given, word) => {
      const read = readGs1(given, parsePc(word))
      if (read.ok) expect(given.length).toBe((word >> 11) * 4)
      parseTid(given)
    }),
    { seed, numRuns: 3000 },
  )
})

const giai = { scheme: 'giai-96', filter: 3, parts: ['952000000019', '7'] } as const
test.each<[string, Epc96]>([
  ['company prefix: 13 digits', { ...giai, parts: ['9520000000190', '7'] }],
  ['company prefix: 5 digits', { ...giai, parts: ['95200', '7'] }],
  ['filter: 8', { ...giai, filter: 8 }],
  ['filter: null', { ...giai, filter: null }],
  [
    'asset reference: 4398046511104 does not fit',
    { ...giai, parts: ['952000000019', '4398046511104'] },
  ],
  ['asset reference: "07"', { ...giai, parts: ['952000000019', '07'] }],
  ['asset reference: "-7"', { ...giai, parts: ['952000000019', '-7'] }],
  ['giai-96 has 2 parts', { ...giai, parts: ['952000000019', '7', '8'] }],
  ['asset type: "1"', { scheme: 'grai-96', filter: 3, parts: ['952000000019', '1', '8'] }],
  ['location reference: "1234"', { scheme: 'sgln-96', filter: 3, parts: ['0614141', '1234', '8'] }],
  ['GID has none', { scheme: 'gid-96', filter: 1, parts: ['1', '2', '3'] }],
])('nothing is encoded that its scheme does not allow: %s', (why, epc) => {
  expect(() => encodeEpc(epc)).toThrow(why)
})
