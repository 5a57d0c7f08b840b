import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitsAgree } from '../testing/splits.ts'
import { type Crc8, crc8, knownCrcs } from './crc8.ts'
import { createDecoder } from './decode.ts'
import { encodeFrame, type Found, framesOf } from './frames.ts'

interface Vectors {
  crcs: (Crc8 & { name: string; check: number })[]
  frames: {
    name: string
    type: number
    zone: number
    column: number
    command: number
    data: string
    crc: Crc8
    hex: string
  }[]
  datagram: { hex: string; commands: number[] }
  bad: { name: string; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/mjj.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hex = (b: Uint8Array) => Buffer.from(b).toString('hex').toUpperCase()
const goodFrames = (found: Found[]) => found.flatMap((f) => ('frame' in f ? [f] : []))

test.each(vectors.crcs)('CRC-8 $name of 123456789', ({ name, check, ...parameters }) => {
  expect(crc8(Buffer.from('123456789'), parameters)).toBe(check)
  expect(knownCrcs[name]).toMatchObject({ poly: parameters.poly, init: parameters.init })
})

test.each(vectors.frames)('golden frame: $name', (v) => {
  const { type, zone, column, command, crc } = v
  const data = bytes(v.data)
  expect(hex(encodeFrame({ type, zone, column, command, data }, crc))).toBe(v.hex)
  const [found, ...more] = goodFrames(framesOf(bytes(v.hex)))
  expect(more).toEqual([])
  expect(found?.frame).toMatchObject({ type, zone, column, command })
  expect(hex(found?.frame.data ?? new Uint8Array(0))).toBe(v.data)
  expect(crc8(found?.covered ?? new Uint8Array(0), crc)).toBe(found?.crc)
})

test('two frames in one datagram are two frames', () => {
  const found = goodFrames(framesOf(bytes(vectors.datagram.hex)))
  expect(found.map((f) => f.frame.command)).toEqual(vectors.datagram.commands)
})

test.each(vectors.bad)('no frame: $name', ({ hex: text }) => {
  expect(goodFrames(framesOf(bytes(text)))).toEqual([])
})

const byte = fc.integer({ min: 0, max: 255 })
const parameters = fc.record({
  poly: byte,
  init: byte,
  reflectIn: fc.boolean(),
  reflectOut: fc.boolean(),
  xorOut: byte,
})
const frame = fc.record({
  type: byte,
  zone: byte,
  column: byte,
  command: byte,
  data: fc.uint8Array({ maxLength: 40 }),
})

test('what is encoded is decoded, under any CRC, alone and among others', () => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 4 }), parameters, (frames, crc) => {
      const datagram = Buffer.concat(frames.map((f) => encodeFrame(f, crc)))
      const found = goodFrames(framesOf(datagram))
      expect(found.map((f) => ({ ...f.frame, data: hex(f.frame.data) }))).toEqual(
        frames.map((f) => ({ ...f, data: hex(f.data) })),
      )
      for (const f of found) expect(crc8(f.covered, crc)).toBe(f.crc)
    }),
    { seed: 36 },
  )
})

test('any bytes are taken apart without a gap, and never throw', () => {
  const dense = fc.array(fc.constantFrom(0x55, 0x68, 5, 6, 7, 0x8b), { maxLength: 60 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        dense.map((a) => Uint8Array.from(a)),
      ),
      (any) => {
        let at = 0
        for (const f of framesOf(any)) {
          expect(f.offset).toBe(at)
          at += f.length
        }
        expect(at).toBe(any.length)
      },
    ),
    { seed: 36, numRuns: 500 },
  )
})

test('a captured stream reads the same however it is split', () => {
  const noise = fc.array(fc.constantFrom(0x55, 0x68, 5, 9, 0x8b, 0), { maxLength: 12 })
  const whole = frame.map((f) => encodeFrame(f, knownCrcs['CRC-8/SMBUS'] as Crc8))
  const stream = fc
    .array(
      fc.oneof(
        whole,
        noise.map((n) => Uint8Array.from(n)),
      ),
      { maxLength: 6 },
    )
    .map((parts) => new Uint8Array(Buffer.concat(parts)))
  splitsAgree(stream, createDecoder)
})

test('decoding names the CRCs that fit and what the columns report', () => {
  const decoder = createDecoder()
  const moving = vectors.frames.find((f) => f.name === 'column 4 has finished and stands left')
  expect(decoder.push(bytes(`0102${moving?.hex}`))).toEqual([
    { offset: 0, length: 2, error: 'no frame begins here' },
    {
      offset: 2,
      length: 9,
      message: expect.objectContaining({
        name: 'finished',
        column: 4,
        state: 'left',
        crcFits: ['CRC-8/SMBUS'],
      }),
    },
  ])
  expect(decoder.push(bytes('5506'))).toEqual([])
  expect(decoder.end()).toEqual([{ offset: 11, length: 2, error: 'half a frame' }])
})
