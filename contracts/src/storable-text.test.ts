import { expect, test } from 'vitest'
import { isStorable, isStorableText, storablePattern, storableText } from './storable-text.ts'

const cases: [text: string, kept: boolean][] = [
  ['', true],
  ['检修 🏺\n第二行', true],
  ['a\u0000b', false],
  ['\ud800', false],
  ['a\udc00b', false],
  ['\udc00\ud800', false],
  ['\ufffe\uffff', true],
]

test.each(cases)('%j: the function, the pattern and the mended text agree', (text, kept) => {
  expect(isStorableText(text)).toBe(kept)
  expect(new RegExp(storablePattern, 'u').test(text)).toBe(kept)
  expect(isStorableText(storableText(text))).toBe(true)
  expect(storableText(text) === text).toBe(kept)
})

test('a value is storable when every text in it is, however deep', () => {
  expect(isStorable({ a: [1, null, true, { b: '好' }] })).toBe(true)
  expect(isStorable({ a: [{ b: 'x\u0000' }] })).toBe(false)
  expect(isStorable({ '\ud800': 1 })).toBe(false)
})
