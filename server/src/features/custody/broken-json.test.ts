import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brokenAt } from './broken-json.ts'

test.each([
  ['', 0],
  ['x', 0],
  ['{"a":x}', 5],
  ['{"a":1,}', 7],
  ['[1 2]', 3],
  ['[1,]', 3],
  ['{"a" 1}', 5],
  ['{"a":1]', 6],
  ['"ab', 0],
  ['[01]', 2],
  ['{} {}', 3],
  ['{"a":[1,{"b":null', 17],
])('%j breaks at %i', (text, at) => {
  expect(brokenAt(text)).toBe(at)
})

test('good JSON is read to its end, and breaks behind it where more follows', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(brokenAt(text)).toBe(text.length)
      expect(brokenAt(`${text} x`)).toBe(text.length + 1)
    }),
    { seed: 1 },
  )
})
