import { checkCharacter } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { bigrams, gramQuery } from './grams.ts'
import { understand } from './understand.ts'

const code = `LT0000123${checkCharacter('LT0000123')}`

describe('one field understands', () => {
  it.each([
    [code, 'boxCode'],
    [code.toLowerCase(), 'boxCode'],
    ['LT00', 'boxCode'],
    ['12A', 'place'],
    ['12a-3-4-2', 'place'],
    ['12列A面3节4层2', 'place'],
    ['12列A面3节4层左起第2盒', 'place'],
    ['3414257BF7194E4000001A85', 'epc'],
    ['J019', 'refCode'],
    ['J019-ZY·DK·2019', 'refCode'],
    ['110101199003074512', 'number'],
    ['11010119900307451x', 'number'],
    ['91370000MA3C0TEST1'.replace('S', 'R'), 'number'],
    ['zjg', 'initials'],
    ['张伟', 'text'],
    ['张', 'text'],
    ['2019 年', 'text'],
    ["'; drop table file --", 'text'],
  ] as const)('%s as %s', (typed, as) => {
    expect(understand(typed).as).toBe(as)
  })
  it('takes full-width input and typed dots as what they stand for', () => {
    expect(understand('１２Ａ-３')).toMatchObject({ as: 'place', place: '12A-3' })
    expect(understand('j019-zy.dk')).toMatchObject({ as: 'refCode', prefix: 'J019-ZY·DK' })
    expect(understand('12列A面3节4层左起第2盒')).toMatchObject({ place: '12A-3-4-2' })
  })
})

describe('an EPC as labels print it', () => {
  it.each([
    '3414257bf7194e4000001a85',
    ' 3414 257B F719 4E40 0000 1A85 ',
    '34:14:25:7b:f7:19:4e:40:00:00:1a:85',
    '3414-257B-F719-4E40-0000-1A85',
  ])('%s', (typed) => {
    expect(understand(typed)).toEqual({ as: 'epc', epc: '3414257BF7194E4000001A85' })
  })
  it.each(['2019 2020 2021 2022', '3414 257BF719 4E40 0000 1A85', '3414257BF7194E40001', '34 14'])(
    '%s is none',
    (typed) => {
      expect(understand(typed).as).not.toBe('epc')
    },
  )
})

describe('bigrams', () => {
  it('pairs neighbours inside a run only', () => {
    expect([...bigrams('张伟 2019年贷款')]).toEqual([
      '张伟',
      '20',
      '01',
      '19',
      '9年',
      '年贷',
      '贷款',
    ])
  })
  it('keeps characters outside the basic plane whole', () => {
    expect([...bigrams('𠮷野家')]).toEqual(['𠮷野', '野家'])
  })
  it('has no query for a single character or for signs', () => {
    expect(gramQuery('张')).toBeNull()
    expect(gramQuery('·—')).toBeNull()
    expect(gramQuery("张伟'")).toBe("'张伟'")
  })
})
