/** Fonds J019 and its categories (DA/T 13: levels joined by `·`), and how the boxes are shared among them. */
import type { CatalogueLine, SecrecyLevel } from '@lantai/contracts'
import type { Rng } from '../rng.ts'

export const fonds: CatalogueLine<'fonds'> = {
  kind: 'fonds',
  code: 'J019',
  title: '住房公积金管理中心',
  creator: '日照市住房公积金管理中心',
}

export const series = {
  DK: { code: 'ZY·DK', title: '个人住房贷款', retention: 'D30', share: 0.46 },
  HT: { code: 'ZY·HT', title: '借款与担保合同', retention: 'D30', share: 0.15 },
  TX: { code: 'ZY·TX', title: '他项权证', retention: 'D30', share: 0.13 },
  TQ: { code: 'ZY·TQ', title: '住房公积金提取', retention: 'D10', share: 0.15 },
  JC: { code: 'ZY·JC', title: '住房公积金缴存', retention: 'Y', share: 0.06 },
  KU: { code: 'KU·01', title: '会计凭证', retention: 'D30', share: 0.035 },
  SM: { code: 'ZY·SM', title: '涉密单位职工贷款', retention: 'D30', share: 0.015 },
} as const
export type SeriesKey = keyof typeof series

export interface BoxRun {
  readonly series: SeriesKey
  readonly year: number
  readonly category: string
  readonly secrecy: SecrecyLevel
  readonly boxes: number
}

const years = [2012, 2013, 2014, 2015, 2016, 2017, 2018, 2019]
/** Business grew with the years; scanning thinned the paper of the last ones. */
const yearWeight = [0.1, 0.115, 0.125, 0.14, 0.15, 0.145, 0.12, 0.105]

/** Runs of boxes of one category and year in shelf order; their sum is exactly `total`. */
export function boxRuns(total: number, rng: Rng): BoxRun[] {
  const runs: BoxRun[] = []
  const add = (key: SeriesKey, year: number, secrecy: SecrecyLevel, boxes: number) => {
    const { code, retention } = series[key]
    runs.push({ series: key, year, category: `${code}·${year}·${retention}`, secrecy, boxes })
  }
  years.forEach((year, y) => {
    for (const key of ['DK', 'HT', 'TX', 'TQ', 'JC', 'KU'] as const) {
      const boxes = Math.round(total * series[key].share * (yearWeight[y] as number))
      const open = key === 'KU' || key === 'TX'
      add(key, year, open ? 'open' : 'internal', boxes + rng.int(-3, 3))
    }
  })
  years.forEach((year) => {
    add('SM', year, 'secret', 15 + rng.int(-1, 2))
  })
  add('SM', 2019, 'confidential', 8)
  const rest = total - runs.reduce((s, r) => s + r.boxes, 0)
  const last = runs.findIndex((r) => r.series === 'DK' && r.year === 2016)
  return runs.map((r, i) => (i === last ? { ...r, boxes: r.boxes + rest } : r))
}

export function categoryLines(runs: readonly BoxRun[]): CatalogueLine<'category'>[] {
  const lines = new Map<string, CatalogueLine<'category'>>()
  const add = (code: string, title: string, retention: string | null) => {
    if (!lines.has(code))
      lines.set(code, { kind: 'category', fonds: fonds.code, code, title, retention })
  }
  add('ZY', '专业档案', null)
  add('KU', '会计档案', null)
  for (const s of Object.values(series)) add(s.code, s.title, s.retention)
  for (const r of runs) {
    const s = series[r.series]
    add(r.category, `${s.title} ${r.year}年度`, s.retention)
  }
  return [...lines.values()]
}
