import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { FreeText, Reason, reasonPattern } from './free-text.ts'
import { unstorableCharacters } from './storable-text.ts'

const bidi = [0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069].map((c) =>
  String.fromCodePoint(c),
)

test.each(bidi)('%j turns what stands beside it, and is in no reason and no remark', (control) => {
  expect(Check(Reason, `检修${control}abc`)).toBe(false)
  expect(Check(FreeText(200), control)).toBe(false)
})

test.each(['检修', 'a b', 'تحقق', 'בדיקה', '🏺 ok', ' 检修\n第二行 '])('%j is a reason', (text) => {
  expect(Check(Reason, text)).toBe(true)
  expect(Check(FreeText(200), text)).toBe(true)
})

test.each(['', ' ', '   ', '\n\t', 'x', 'x'.repeat(201)])('%j is none', (text) => {
  expect(Check(Reason, text)).toBe(false)
})

test('the pattern of the console refuses what cannot be stored as well', () => {
  const pattern = new RegExp(reasonPattern(unstorableCharacters), 'u')
  expect(pattern.test('检修 🏺')).toBe(true)
  for (const text of ['a\u0000b', 'a\ud800b', 'a\u202eb', '  '])
    expect(pattern.test(text)).toBe(false)
})

test('a long reason of nothing but white space is refused without being looked at again and again', () => {
  expect(Check(Reason, `${' '.repeat(199)}\u202e`)).toBe(false)
})
