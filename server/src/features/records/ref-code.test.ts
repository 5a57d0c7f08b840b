import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RefCodePart, RefCodeProfile } from './ref-code.ts'
import { formatRefCode, parseRefCode, refCodeIdentity } from './ref-code.ts'

type Vector = [string, 13 | 22, 'volume' | 'item', string, Partial<Record<RefCodePart, string>>]

/** The profile in short: groups by spaces, parts by `+`. */
const groupsOf = (short: string) =>
  short.split(' ').map((group) => group.split('+') as RefCodePart[])

/** Every vector of domain 3.1. */
const vectors: Vector[] = [
  [
    'J019-ZY·JC·CC·2019·D30-001-001',
    13,
    'volume',
    'fonds category+category2+category3+year+retention file item',
    {
      fonds: 'J019',
      category: 'ZY',
      category2: 'JC',
      category3: 'CC',
      year: '2019',
      retention: 'D30',
      file: '001',
      item: '001',
    },
  ],
  [
    'J019-KU·01·2017-001-001',
    13,
    'volume',
    'fonds category+category2+year file item',
    { fonds: 'J019', category: 'KU', category2: '01', year: '2017', file: '001', item: '001' },
  ],
  [
    'A002-RS-001-002',
    13,
    'volume',
    'fonds category file item',
    { fonds: 'A002', category: 'RS', file: '001', item: '002' },
  ],
  [
    'X032-KJ·KY·01-003',
    13,
    'volume',
    'fonds category+category2+project file',
    { fonds: 'X032', category: 'KJ', category2: 'KY', project: '01', file: '003' },
  ],
  [
    'X032-KJ·JJ·02-005-054',
    13,
    'volume',
    'fonds category+category2+project file page',
    { fonds: 'X032', category: 'KJ', category2: 'JJ', project: '02', file: '005', page: '054' },
  ],
  [
    'K021-ZP·2019·D30-025-005',
    13,
    'volume',
    'fonds category+year+retention group item',
    { fonds: 'K021', category: 'ZP', year: '2019', retention: 'D30', group: '025', item: '005' },
  ],
  [
    'C038-001-002-003',
    13,
    'volume',
    'fonds catalogue file item',
    { fonds: 'C038', catalogue: '001', file: '002', item: '003' },
  ],
  [
    'A439-WS·2015·D30·003-005',
    13,
    'item',
    'fonds category+year+retention+issue item',
    { fonds: 'A439', category: 'WS', year: '2015', retention: 'D30', issue: '003', item: '005' },
  ],
  [
    'Z109-WS·2011·Y·办公室-0001',
    13,
    'item',
    'fonds category+year+retention+organisation item',
    {
      fonds: 'Z109',
      category: 'WS',
      year: '2011',
      retention: 'Y',
      organisation: '办公室',
      item: '0001',
    },
  ],
  [
    'Z008-WS·2019·Y-037',
    13,
    'item',
    'fonds category+year+retention item',
    { fonds: 'Z008', category: 'WS', year: '2019', retention: 'Y', item: '037' },
  ],
  [
    'J019-LY·2019·Y-001',
    13,
    'item',
    'fonds category+year+retention item',
    { fonds: 'J019', category: 'LY', year: '2019', retention: 'Y', item: '001' },
  ],
  [
    'C015-WY·TZGG·2019·D10-00001',
    13,
    'item',
    'fonds category+category2+year+retention item',
    {
      fonds: 'C015',
      category: 'WY',
      category2: 'TZGG',
      year: '2019',
      retention: 'D10',
      item: '00001',
    },
  ],
  [
    'B168-SW·2015·Y-001',
    13,
    'item',
    'fonds category+year+retention item',
    { fonds: 'B168', category: 'SW', year: '2015', retention: 'Y', item: '001' },
  ],
  [
    'Z109-WS·2011-Y-BGS-0001',
    22,
    'item',
    'fonds category+year retention organisation item',
    {
      fonds: 'Z109',
      category: 'WS',
      year: '2011',
      retention: 'Y',
      organisation: 'BGS',
      item: '0001',
    },
  ],
]
const profileOf = ([, dialect, arrangement, short]: Vector): RefCodeProfile => ({
  dialect,
  arrangement,
  groups: groupsOf(short),
})

describe('reference codes (CD13, CD14)', () => {
  it.each(vectors)('reads %s and writes it back', (...vector) => {
    const answer = parseRefCode(vector[0], profileOf(vector))
    expect(answer.ok && answer.code.parts).toEqual(vector[4])
    expect(answer.ok && formatRefCode(answer.code.parts, profileOf(vector))).toBe(vector[0])
  })

  it('takes the same text for a page or an item as the profile says', () => {
    const text = 'X032-KJ·JJ·02-005-054'
    const asItem = parseRefCode(text, {
      dialect: 13,
      arrangement: 'volume',
      groups: groupsOf('fonds category+category2+project file item'),
    })
    expect(asItem.ok && asItem.code.parts.item).toBe('054')
  })

  it('keeps widths and refuses others where the fonds fixes them', () => {
    const profile = { ...profileOf(vectors[9] as Vector), widths: { item: 3 } }
    expect(parseRefCode('Z008-WS·2019·Y-037', profile).ok).toBe(true)
    expect(parseRefCode('Z008-WS·2019·Y-0037', profile)).toMatchObject({ ok: false, part: 'item' })
  })

  it('maps look-alike dots and keeps the original text', () => {
    for (const dot of ['•', '・', '．']) {
      const written = `Z008-WS${dot}2019${dot}Y-037`
      const answer = parseRefCode(written, profileOf(vectors[9] as Vector))
      expect(answer).toMatchObject({
        ok: true,
        code: { text: 'Z008-WS·2019·Y-037', original: written },
      })
    }
  })

  it('knows one item in two dialects by the table of organisations', () => {
    const organisations = new Map([['办公室', 'BGS']])
    const [a, b] = [vectors[8] as Vector, vectors[13] as Vector].map((v) => {
      const answer = parseRefCode(v[0], profileOf(v))
      return answer.ok ? refCodeIdentity(answer.code.parts, organisations) : null
    })
    expect(a).toBe(b)
    expect(a).not.toBeNull()
  })

  it('names the part that does not fit', () => {
    const profile = profileOf(vectors[9] as Vector)
    expect(parseRefCode('Z008-WS·19·Y-037', profile)).toMatchObject({ ok: false, part: 'year' })
    expect(parseRefCode('Z008-WS·2019·Y', profile)).toMatchObject({ ok: false, part: null })
    expect(parseRefCode('Z008-WS·2019-037', profile)).toMatchObject({ ok: false, part: 'category' })
  })

  it('never throws and never changes what it accepts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.constantFrom(...vectors), (text, vector) => {
        const answer = parseRefCode(text, profileOf(vector))
        if (answer.ok)
          expect(formatRefCode(answer.code.parts, profileOf(vector))).toBe(answer.code.text)
      }),
    )
  })
})
