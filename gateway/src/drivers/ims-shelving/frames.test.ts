import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitsAgree } from '../testing/splits.ts'
import { createDecoder } from './decode.ts'
import { decodeFrame, encodeFrame, frameIn, imsVerbs } from './frames.ts'

interface Vectors {
  frames: { name: string; bank: number; verb: string; column: number; text: string }[]
  bad: { name: string; text: string }[]
}
const file = new URL('../../../../contracts/vectors/ims.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.each(vectors.frames)('golden frame: $name', ({ bank, verb, column, text }) => {
  expect(Buffer.from(encodeFrame({ bank, verb, column })).toString()).toBe(text)
  expect(decodeFrame(text)).toEqual({ bank, verb, column })
})
test.each(vectors.bad)('no frame: $name', ({ text }) => {
  expect(decodeFrame(text)).toBeNull()
})

const two = fc.integer({ min: 0, max: 99 })
const frame = fc.record({ bank: two, verb: fc.constantFrom(...imsVerbs), column: two })

test('what is encoded is decoded, alone and within other words', () => {
  fc.assert(
    fc.property(frame, fc.string({ maxLength: 10 }), (f, words) => {
      const text = Buffer.from(encodeFrame(f)).toString()
      expect(decodeFrame(text)).toEqual(f)
      expect(frameIn(`${words.replaceAll('START', '')}${text}\r\n`)).toEqual(f)
    }),
    { seed: 36 },
  )
})

test('any text is no frame or a frame, and never throws', () => {
  const letters = fc.constantFrom('START*', '*END', '02', '*', 'STOP', 'X')
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
      const found = frameIn(parts.join(''))
      if (found) expect(parts.join('')).toContain(Buffer.from(encodeFrame(found)).toString())
    }),
    { seed: 36, numRuns: 1000 },
  )
})

test('a captured stream reads the same however it is split', () => {
  const piece = fc.oneof(
    frame.map((f) => Buffer.from(encodeFrame(f)).toString()),
    fc.constantFrom('START*', 'STARSTART*', '*END', '\r\n', 'START*02*', 'x'.repeat(50)),
  )
  const stream = fc
    .array(piece, { maxLength: 8 })
    .map((parts) => new Uint8Array(Buffer.from(parts.join(''), 'latin1')))
  splitsAgree(stream, createDecoder)
})

test('words between frames are told, and the next frame is read', () => {
  const decoder = createDecoder()
  const out = decoder.push(Buffer.from('OK\r\nSTART*02*STOP*00*END'))
  expect(out).toEqual([
    { offset: 0, length: 4, error: 'no frame: "OK\\r\\n"' },
    { offset: 4, length: 20, message: { bank: 2, verb: 'STOP', column: 0 } },
  ])
})
