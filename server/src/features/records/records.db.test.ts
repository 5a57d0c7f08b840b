import { api, type SecrecyLevel } from '@lantai/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  boxCode,
  boxEpc,
  type Caller,
  type SampleStore,
  sampleStore,
  zengGuohua,
  zhangWei,
} from '../../import/testing.ts'

let store: SampleStore
let clerk: Caller
let officer: Caller
beforeAll(async () => {
  store = await sampleStore('records')
  clerk = await store.as(['archivist'], 'internal')
  officer = await store.as(['archivist'], 'topSecret')
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

const search = async (who: Caller, q: string) => {
  const { status, body } = await who(api.records.search, { body: { q } })
  expect(status).toBe(200)
  return body
}
const labels = async (who: Caller, q: string) => (await search(who, q)).hits.map((h) => h.label)

describe('one search field', () => {
  it('finds a box by its code, by the beginning of it, and by its tag', async () => {
    expect((await search(clerk, boxCode(1))).hits).toMatchObject([
      { kind: 'box', key: boxCode(1), place: '1A-1-1-1' },
    ])
    expect(await search(clerk, 'LT00')).toMatchObject({ total: 7, understood: 'boxCode' })
    expect((await search(clerk, boxEpc(5))).hits[0]?.key).toBe(boxCode(5))
  })
  it('finds a place, and the box that belongs there', async () => {
    const { hits } = await search(clerk, '2b-1-1-1')
    expect(hits.map((h) => [h.kind, h.key])).toEqual([
      ['place', '2B-1-1-1'],
      ['box', boxCode(5)],
    ])
    expect((await search(clerk, '99A')).hits).toEqual([])
  })
  it('finds files by two characters of a title, and subjects by name', async () => {
    const found = await search(clerk, '张伟')
    expect(found.hits.map((h) => h.kind)).toEqual(['subject', 'file', 'file'])
    expect(found).toMatchObject({ total: 3, capped: false, understood: 'text' })
    expect(await labels(clerk, '新城 协议')).toEqual(['天成新城小区项目合作协议'])
  })
  it('finds by pinyin initials, with surnames read as surnames', async () => {
    expect((await labels(clerk, 'zw'))[0]).toBe('张伟')
    expect(await labels(officer, 'zgh')).toContain('曾国华')
  })
  it('finds by reference code with whatever dot was typed, and by a number exactly', async () => {
    expect(await search(clerk, 'j019-zy.tq')).toMatchObject({ total: 1, understood: 'refCode' })
    expect((await search(clerk, zhangWei)).hits).toMatchObject([
      { kind: 'subject', label: '张伟', detail: '2' },
    ])
    expect((await search(clerk, zhangWei.slice(0, 17))).total).toBe(0)
  })
  it('takes one character as the beginning of a name and never scans for it', async () => {
    expect(await labels(clerk, '张')).toEqual(['张伟'])
    expect(await labels(clerk, '伟')).toEqual([])
  })
  it.each(["'", '%', "张伟' | 'x", '\\', '张_', '—·', 'a:b & !c'])('survives %s', async (q) => {
    await search(clerk, q)
  })
})

describe('what is above the clearance', () => {
  const levels: [SecrecyLevel, number][] = [
    ['open', 0],
    ['internal', 2],
    ['secret', 2],
    ['confidential', 3],
    ['topSecret', 3],
  ]
  it.each(levels)(
    'a reader of %s finds %i files of 张伟, in hits and in counts alike (T16)',
    async (level, n) => {
      const reader = await store.as(['runner'], level)
      const found = await search(reader, '张伟')
      const subjects = n > 0 ? 1 : 0
      expect(found.total).toBe(n + subjects)
      expect(found.hits.filter((h) => h.kind === 'file')).toHaveLength(n)
      expect((await search(reader, zhangWei)).hits[0]?.detail ?? '0').toBe(String(n))
    },
  )
  it('a subject of whom only hidden files speak is not there at all', async () => {
    for (const q of ['曾国华', '曾', 'zgh', zengGuohua])
      expect(await search(clerk, q)).toMatchObject({ hits: [], total: 0 })
    expect((await clerk(api.records.householdQuery, { body: { number: zengGuohua } })).code).toBe(
      'not-found',
    )
    expect(
      (await officer(api.records.householdQuery, { body: { number: zengGuohua } })).status,
    ).toBe(200)
  })
  it('a hidden file is answered as one that never was', async () => {
    const [hidden] = (await search(officer, '协查')).hits
    const id = hidden?.key ?? ''
    const never = '00000000-0000-4000-8000-000000000000'
    const answers = await Promise.all(
      [id, never].map((file) => clerk(api.records.getFile, { params: { file } })),
    )
    expect(answers.map((a) => [a.status, a.code])).toEqual([
      [404, 'not-found'],
      [404, 'not-found'],
    ])
    expect((await officer(api.records.getFile, { params: { file: id } })).body.secrecy).toBe(
      'confidential',
    )
  })
  it('a box card leaves hidden files out and does not count them', async () => {
    const card = (who: Caller) => who(api.boxes.getBox, { params: { box: boxCode(5) } })
    expect((await card(clerk)).body).toMatchObject({ files: [], fileCount: 0, pageCount: 0 })
    expect((await card(officer)).body).toMatchObject({ fileCount: 2, pageCount: 20 })
    expect(JSON.stringify((await card(clerk)).body)).not.toMatch(/协查|曾国华|张伟/)
  })
  it('counts of categories leave hidden files out', async () => {
    const count = async (who: Caller) =>
      (await who(api.records.listCategories)).body.fonds[0]?.categories.map((c) => c.files)
    expect(await count(clerk)).toEqual([3, 1])
    expect(await count(officer)).toEqual([5, 1])
  })
})

describe('one household', () => {
  it('brings every file across categories by date, with the number masked (RZ17, CD22, CD23)', async () => {
    const { body } = await clerk(api.records.householdQuery, { body: { number: zhangWei } })
    expect(body.subject).toMatchObject({ name: '张伟', numberMasked: '110*************11' })
    expect(body.files.map((f) => [f.date, f.categoryTitle, f.place])).toEqual([
      ['2018-01-05', '提取', '1A-1-1-2'],
      ['2019-02-15', '贷款', '1A-1-1-1'],
    ])
    expect(JSON.stringify(body)).not.toContain(zhangWei)
  })
  it('is written down before it is answered, with who asked and never the number (T21)', async () => {
    const before = await accesses()
    await clerk(api.records.householdQuery, { body: { number: zhangWei } })
    const after = await accesses()
    expect(after).toHaveLength(before.length + 1)
    expect(after.at(-1)).toMatchObject({ act: 'household', files: 2 })
    expect(JSON.stringify(after)).not.toContain(zhangWei)
  })
  it('a file above internal is written down, one below is not', async () => {
    const file = async (q: string) =>
      (await search(officer, q)).hits.find((h) => h.kind === 'file')?.key ?? ''
    const before = (await accesses()).length
    await officer(api.records.getFile, { params: { file: await file('缴存登记') } })
    expect(await accesses()).toHaveLength(before)
    await officer(api.records.getFile, { params: { file: await file('协查') } })
    expect(await accesses()).toHaveLength(before + 1)
  })
})

const accesses = async () =>
  (
    await sql<{
      act: string
      files: number
    }>`select * from record_access where site_id = 'records' order by at`.execute(store.t.ctx.db)
  ).rows
