/** Titles as clerks write them, one function a series. */
import type { Rng } from '../rng.ts'
import type { SeriesKey } from './categories.ts'
import { districts, estateName } from './names.ts'
import type { Household, Subject, Subjects } from './subjects.ts'

export interface Described {
  readonly title: string
  readonly subjects: readonly Subject[]
}
export interface TitleInput {
  readonly rng: Rng
  readonly year: number
  readonly serial: number
  readonly household: Household
  readonly all: Subjects
}

const several = (h: Household) => h[0].name + (h[1] ? '等' : '')
const people = (h: Household): Subject[] => (h[1] ? [h[0], h[1]] : [h[0]])
const home = (rng: Rng) => `日照市${rng.pick(districts)}${estateName(rng)}小区`
const houseKinds = ['商品住房', '商品住房', '商品住房', '二手住房', '经济适用住房'] as const
const withdrawals = [
  '购房',
  '偿还贷款本息',
  '退休',
  '租房',
  '离职',
  '大病',
  '偿还贷款本息',
] as const
const room = (rng: Rng) =>
  `${rng.int(1, 32)}号楼${rng.int(1, 4)}单元${rng.int(1, 17)}0${rng.int(1, 4)}室`

const loan = ({ rng, household }: TitleInput): Described => ({
  title: `${several(household)}购买${home(rng)}${rng.pick(houseKinds)}个人住房公积金贷款档案`,
  subjects: people(household),
})

const contract = ({ rng, year, serial, household }: TitleInput): Described => ({
  title: `${several(household)}住房公积金借款合同（日公积贷〔${year}〕第${String(serial).padStart(5, '0')}号）${rng.chance(0.3) ? '及抵押合同' : ''}`,
  subjects: people(household),
})

const mortgage = ({ rng, household }: TitleInput): Described => ({
  title: `${several(household)}${home(rng)}${room(rng)}房屋他项权证`,
  subjects: people(household),
})

const withdrawal = ({ rng, household, all }: TitleInput): Described => {
  const unit = rng.pick(all.units)
  return {
    title: `${unit.name}${household[0].name}${rng.pick(withdrawals)}提取住房公积金档案`,
    subjects: [household[0], unit],
  }
}

const deposit = ({ rng, year, all }: TitleInput): Described => {
  const unit = rng.pick(all.units)
  const act = rng.pick(['缴存登记', '缴存基数调整', '职工账户转移', '汇缴变更清册', '缴存比例调整'])
  return { title: `${unit.name}${year}年度住房公积金${act}档案`, subjects: [unit] }
}

const vouchers = ({ rng, year, serial }: TitleInput): Described => ({
  title: `${year}年${rng.int(1, 12)}月住房公积金${rng.pick(['归集', '贷款', '增值收益'])}业务记账凭证第${serial}册`,
  subjects: [],
})

export const titleOf: Record<SeriesKey, (input: TitleInput) => Described> = {
  DK: loan,
  HT: contract,
  TX: mortgage,
  TQ: withdrawal,
  JC: deposit,
  KU: vouchers,
  SM: loan,
}
