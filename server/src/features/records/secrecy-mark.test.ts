import { describe, expect, it } from 'vitest'
import { formatRetention, parseRetention } from './retention.ts'
import { highestLevel, parseSecrecyMark } from './secrecy-mark.ts'

describe('secrecy marks (RG20, CD57)', () => {
  it.each([
    ['机密★10年', 'confidential', { kind: 'years', years: 10 }, false],
    ['机密★', 'confidential', { kind: 'longest', years: 20 }, false],
    ['绝密★长期', 'topSecret', { kind: 'longTerm' }, true],
    ['秘密★6个月', 'secret', { kind: 'months', months: 6 }, false],
    ['秘密★2030年1月31日', 'secret', { kind: 'until', day: '2030-01-31' }, false],
    ['机密★2031-12-01', 'confidential', { kind: 'until', day: '2031-12-01' }, false],
    ['秘密★方案公布后', 'secret', { kind: 'condition', text: '方案公布后' }, false],
    ['秘密★20年', 'secret', { kind: 'years', years: 20 }, true],
  ] as const)('reads %s', (text, level, period, overLimit) => {
    expect(parseSecrecyMark(text)).toEqual({ level, period, overLimit })
  })
  it.each(['机密', '内部★10年', '★10年', '机密★10年★', ''])('refuses %s', (text) => {
    expect(parseSecrecyMark(text)).toBeNull()
  })
  it('gives a box the highest level of its files', () => {
    expect(highestLevel(['internal', 'secret', 'open'])).toBe('secret')
    expect(highestLevel([])).toBe('open')
  })
})

describe('retention (RG16)', () => {
  it.each(['Y', 'D100', 'D50', 'D30', 'D10', 'D5', 'D7', 'C', 'D'])(
    'reads and writes %s',
    (text) => {
      const retention = parseRetention(text)
      expect(retention && formatRetention(retention)).toBe(text)
    },
  )
  it('flags a bare C or D and never turns it into years', () => {
    expect(parseRetention('D')).toEqual({ kind: 'legacy', code: 'D' })
    expect(parseRetention('长期')).toEqual({ kind: 'legacy', code: 'C' })
  })
  it.each(['', 'D0', 'D-5', 'X', '30', 'Y30'])('refuses %s', (text) => {
    expect(parseRetention(text)).toBeNull()
  })
})
