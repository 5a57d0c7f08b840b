import type { LayoutBank } from '@lantai/contracts'
import { createInstance } from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { stackEn } from '../locales/en.ts'
import { stackZh } from '../locales/zh-cn.ts'
import { aisleName, entryOf, entrySentence, type Say, wayDigits, waySentence } from './way.ts'

const column = (n: number) => ({
  column: n,
  widthMm: 900,
  fixed: n === 11,
  sections: 5,
  shelves: 6,
  shelfWidthMm: 600,
})
const bank: LayoutBank = {
  bank: 'B1',
  label: '甲组',
  room: 'R1',
  xMm: 0,
  yMm: 0,
  depthMm: 3400,
  railMm: 3700,
  aisleMm: 1000,
  enterFrom: 'north',
  columns: [column(11), column(12), column(13)],
}
const place = { column: 12, side: 'A', section: 3, shelf: 4, slot: 2 } as const

let zh: Say
let en: Say
beforeAll(async () => {
  const i18n = createInstance()
  await i18n.init({
    lng: 'zh-CN',
    resources: { 'zh-CN': { stack: stackZh }, en: { stack: stackEn } },
    ns: ['stack'],
    defaultNS: 'stack',
    interpolation: { escapeValue: false },
  })
  const sayIn = (lng: string): Say => {
    const t = i18n.getFixedT(lng, 'stack')
    return (key, values) => String(t(key as never, values as never))
  }
  zh = sayIn('zh-CN')
  en = sayIn('en')
})

describe('the way, as a person would say it', () => {
  it('names the aisle that two neighbours share, in Chinese', () => {
    expect(waySentence(zh, place, entryOf(bank, 12, 'A'))).toBe(
      '12 列，A 面，3 节，4 层，左起第 2 盒。经 11|12 通道，从北侧进',
    )
    expect(entryOf(bank, 11, 'B')).toMatchObject({ kind: 'aisle', name: '11|12' })
  })

  it('says the same in English, with ordinals', () => {
    expect(waySentence(en, place, entryOf(bank, 12, 'A'))).toBe(
      'Column 12, face A, section 3, shelf 4, 2nd from left. Enter aisle 11|12 from the north',
    )
    const at = (slot: number) => waySentence(en, { ...place, slot }, null)
    expect([1, 3, 4, 11, 12, 13, 21, 22].map((n) => /\d+\w\w from/.exec(at(n))?.[0])).toEqual([
      '1st from',
      '3rd from',
      '4th from',
      '11th from',
      '12th from',
      '13th from',
      '21st from',
      '22nd from',
    ])
  })

  it('knows the end aisle and the open walkway', () => {
    expect(entryOf(bank, 13, 'B')).toMatchObject({ kind: 'endAisle', aisle: 13 })
    expect(entrySentence(zh, entryOf(bank, 13, 'B'))).toBe('经 13 列外侧的端部通道，从北侧进')
    expect(entryOf(bank, 11, 'A')).toEqual({ kind: 'walkway', enterFrom: 'north' })
    expect(entrySentence(en, entryOf(bank, 11, 'A'))).toContain('no aisle to open')
    expect(entryOf(bank, 99, 'A')).toBeNull()
  })

  it('stops at what is known', () => {
    expect(wayDigits({ column: 12, side: 'A', section: 3 }).map((d) => d.value)).toEqual([
      '12',
      'A',
      '3',
    ])
    expect(waySentence(zh, { column: 12, side: 'A' }, null)).toBe('12 列，A 面。')
  })

  it('writes the name of an aisle', () => {
    expect(aisleName(bank, 12)).toBe('12|13')
    expect(aisleName(bank, 13)).toBe('13|')
  })
})
