import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decoded } from '../decode.ts'
import { request as cf600Request } from './cf600.ts'
import { request as chafonRequest } from './chafon.ts'
import { augmented, gen2, mcrf4xx } from './checks.ts'
import { decoderOf } from './decode.ts'
import { hex } from './family.ts'
import { closed, FrameSearch, type Piece } from './framing.ts'
import { request as invelionRequest } from './invelion.ts'
import { type FamilyName, families } from './limits.ts'
import { framing as m100Framing, request as m100Request } from './m100.ts'
import { profileOf } from './profiles.ts'
import { request as thingmagicRequest } from './thingmagic.ts'

interface Vectors {
  frames: { family: FamilyName; name: string; hex: string; says: Record<string, unknown> }[]
  broken: { family: FamilyName; name: string; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/serial-uhf.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const seed = { seed: 20_261_122 }

const requests: Record<FamilyName, (code: number, data: number[]) => Uint8Array> = {
  m100: m100Request,
  chafon: chafonRequest,
  cf600: cf600Request,
  thingmagic: thingmagicRequest,
  invelion: invelionRequest,
}
const decode = (family: FamilyName, chunks: readonly Uint8Array[]): Decoded[] => {
  const decoder = decoderOf(family)()
  return [...chunks.flatMap((c) => decoder.push(c)), ...decoder.end()]
}
const family = fc.constantFrom(...families)
const data = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
/** Rubbish that is full of start bytes, end bytes and small lengths. */
const noise = fc.array(
  fc.oneof(
    fc.constantFrom(0xbb, 0x7e, 0xcf, 0xff, 0xa0, 0xc0, 0x04, 0x05, 0x00),
    fc.integer({ min: 0, max: 255 }),
  ),
  { maxLength: 60 },
)
const splitAt = (all: Uint8Array, cuts: readonly number[]) => {
  const at = [...new Set(cuts.map((c) => c % (all.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => all.subarray(from, at[i] ?? all.length))
}

test.each(vectors.frames)('golden frame $family: $name', ({ family: name, hex: text, says }) => {
  const [only, ...rest] = decode(name, [bytes(text)])
  expect(rest).toEqual([])
  expect(only).toEqual({ offset: 0, length: text.length / 2, message: says })
})

test.each(vectors.broken)('no frame of $family: $name', ({ family: name, hex: text }) => {
  expect(decode(name, [bytes(text)]).every((d) => 'error' in d)).toBe(true)
})

test('check sums of the published examples', () => {
  const digits = new TextEncoder().encode('123456789')
  expect(mcrf4xx(digits)).toBe(0x6f91)
  expect(gen2(digits)).toBe(0xd64e)
  expect(augmented(bytes('0003'))).toBe(0x1d0c)
})

test('what is encoded is decoded, whatever the data, start and end bytes in it included', () => {
  fc.assert(
    fc.property(family, fc.integer({ min: 0, max: 255 }), data, (name, code, body) => {
      const frame = requests[name](code, body)
      const [first, ...rest] = decode(name, [frame])
      expect(rest).toEqual([])
      expect(first).toMatchObject({ offset: 0, length: frame.length, message: {} })
    }),
    { ...seed, numRuns: 2000 },
  )
})

test('any bytes, split anywhere, give the same, and every byte is accounted for once', () => {
  fc.assert(
    fc.property(
      family,
      noise,
      data,
      noise,
      fc.array(fc.nat(), { maxLength: 8 }),
      (name, before, body, after, cuts) => {
        const all = Uint8Array.from([...before, ...requests[name](0x22, body), ...after])
        const whole = decode(name, [all])
        expect(decode(name, splitAt(all, cuts))).toEqual(whole)
        let at = 0
        for (const d of whole) {
          expect(d.offset).toBe(at)
          at += d.length
        }
        expect(at).toBe(all.length)
      },
    ),
    { ...seed, numRuns: 3000 },
  )
})

test('a frame behind rubbish and behind half a frame is found', () => {
  const good = m100Request(0x22)
  const half = closed(m100Framing, [0xbb, 0x02, 0x22, 0x00, 0x03, 0xbb, 0x7e, 0x01]).subarray(0, 7)
  const search = new FrameSearch(m100Framing)
  const found: Piece[] = [...search.push(Uint8Array.of(0x7e, 0xbb, 0x00)), ...search.push(half)]
  found.push(...search.push(good), ...search.flush())
  const frames = found.flatMap((p) => ('frame' in p ? [hex(p.frame)] : []))
  expect(frames).toEqual(['BB00220000227E'])
})

test('a tag whose CRC does not fit is not a read', () => {
  const spoilt = closed(m100Framing, [
    ...bytes('BB02220011C9340030751FEB705C5904E3D50D71').values(),
    0x3a,
    0x76,
  ])
  expect(profileOf('m100').hear(spoilt)).toEqual({
    bad: 'the CRC of the EPC does not fit',
    roundOver: true,
  })
})

test('hearing any frame of any family throws nothing', () => {
  fc.assert(
    fc.property(family, noise, (name, body) => {
      const profile = profileOf(name)
      const frame = Uint8Array.from(body)
      expect(() => profile.describe(frame)).not.toThrow()
      for (const read of profile.hear(frame).reads ?? [])
        expect(read.epc).toMatch(/^([0-9A-F]{4}){1,31}$/)
    }),
    { ...seed, numRuns: 3000 },
  )
})

test('Invelion with an end byte is another framing, and one does not read the other', () => {
  const c0 = profileOf('invelion', true)
  const frame = c0.version.bytes
  expect(hex(frame)).toBe('A003FF72ECC0')
  expect(new FrameSearch(c0.framing).push(frame)).toEqual([{ offset: 0, frame }])
})
