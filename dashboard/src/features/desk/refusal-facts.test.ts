import type { Belief } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { deskEn } from './locales/en.ts'
import { deskZh } from './locales/zh-cn.ts'
import { refusalFact, splitBox } from './refusal-facts.ts'

describe('facts behind a refusal', () => {
  it('reads every form that the server writes', () => {
    expect(refusalFact('王安, due 2026-12-06')).toEqual({
      key: 'fact.lent',
      values: { name: '王安', due: '2026-12-06' },
    })
    expect(refusalFact('valid until 2026-01-31')).toEqual({
      key: 'fact.validUntil',
      values: { day: '2026-01-31' },
    })
    expect(refusalFact('above the clearance of the borrower')?.key).toBe('fact.borrower')
    expect(refusalFact('last seen 安全门读写器 (passage 2026-11-22T10:00:00.000Z)')).toEqual({
      key: 'fact.seen.passage',
      values: { place: '安全门读写器' },
      at: '2026-11-22T10:00:00.000Z',
    })
  })

  it('leaves what it does not know to be shown as it is', () => {
    expect(refusalFact('the moon is full')).toBeNull()
  })

  it('has words for every kind of evidence, in both languages', () => {
    // Typed by the contract: a kind that comes there fails the type check here.
    const zh: Record<Belief['evidence']['kind'], string> = deskZh.fact.seen
    const en: Record<Belief['evidence']['kind'], string> = deskEn.fact.seen
    expect(Object.keys(zh)).toEqual(Object.keys(en))
    expect([...Object.values(zh), ...Object.values(en)].every((w) => w.includes('{{place}}'))).toBe(
      true,
    )
  })

  it('tells the box of an all-or-nothing refusal from its facts', () => {
    expect(splitBox('LT0000001X: 王安, due 2026-12-06')).toEqual({
      box: 'LT0000001X',
      facts: '王安, due 2026-12-06',
    })
    expect(splitBox('LT0000001X')).toEqual({ box: 'LT0000001X', facts: null })
    expect(splitBox('2020-01-01 is past')).toEqual({ box: null, facts: '2020-01-01 is past' })
  })
})
