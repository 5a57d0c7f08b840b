import { expect, test } from 'vitest'
import { checkProfiles, type EpcProfile } from './profile.ts'
import { readTag } from './read.ts'

const old: EpcProfile = {
  name: 'old',
  words: 6,
  match: { afi: 0xc2 },
  fields: [{ name: 'serial', at: 0, bits: 56, as: 'text' }],
  box: 'LT{serial}*',
}
const field = old.fields[0] as EpcProfile['fields'][number]

test('a good list has nothing wrong', () => {
  const others = [
    { ...old, name: 'other-family', match: { afi: 0xc3 } },
    { ...old, name: 'longer', words: 8 },
    { ...old, name: 'prefixed', words: 7, match: { prefix: 'A1' }, fields: [{ ...field, at: 8 }] },
  ]
  expect(checkProfiles([old, ...others])).toEqual([])
})

test.each<[string, unknown[], string]>([
  ['two that fit one tag', [old, { ...old, name: 'too' }], 'old: a tag may fit too too'],
  [
    'a family and a prefix that fit one tag',
    [
      { ...old, fields: [{ ...field, at: 16 }] },
      { ...old, name: 'p', match: { prefix: 'A1' }, fields: [{ ...field, at: 16 }] },
    ],
    'old: a tag may fit p too',
  ],
  ['two of one name', [old, { ...old, words: 8 }], 'old: there are two of this name'],
  [
    'a header of GS1 without a family',
    [{ ...old, match: { prefix: '34' }, fields: [{ ...field, at: 8 }] }],
    'old: match needs an afi, or a first byte that is no header of GS1',
  ],
  [
    'half a first byte',
    [{ ...old, match: { prefix: 'A' }, fields: [{ ...field, at: 8 }] }],
    'old: match needs an afi, or a first byte that is no header of GS1',
  ],
  ['nothing to match', [{ ...old, match: {} }], 'old: match needs an afi, or a first byte'],
  [
    'a mask of another length',
    [{ ...old, match: { mask: 'FF', value: 'A1' } }],
    'old: match.mask has not the 24 digits',
  ],
  [
    'a value outside its mask',
    [{ ...old, match: { afi: 1, mask: `${'0'.repeat(23)}1`, value: `${'0'.repeat(23)}3` } }],
    'old: match.value has bits outside the mask',
  ],
  [
    'a field behind the end',
    [{ ...old, fields: [{ ...field, at: 48 }] }],
    'old: field serial ends behind the EPC',
  ],
  [
    'fields on the same bits',
    [{ ...old, fields: [field, { ...field, name: 'b', at: 48, bits: 8 }] }],
    'old: field b lies on other bits',
  ],
  [
    'text of half a byte',
    [{ ...old, fields: [{ ...field, bits: 12 }] }],
    'old: field serial: text has whole bytes',
  ],
  ['an unknown field in the code', [{ ...old, box: 'LT{no}' }], 'old: there is no field no'],
  ['what is no profile', [{ name: 'x' }], '0: '],
])('a list with %s is refused', (_, list, line) => {
  expect(checkProfiles(list).some((w) => w.startsWith(line))).toBe(true)
})

test('without a PC word no family is known, and nothing is guessed', () => {
  const hex = '313233343536370000000000'
  expect(readTag(hex, 0x31c2, [old])).toMatchObject({
    kind: 'profile',
    reading: { box: 'LT1234567B' },
  })
  expect(readTag(hex, null, [old])).toMatchObject({ kind: 'raw', hex, pc: null })
  expect(readTag(hex, 0x31c3, [old])).toMatchObject({ kind: 'raw', reason: 'not-gs1' })
})
