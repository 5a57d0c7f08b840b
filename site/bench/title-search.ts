/** Two characters of a title among a million, against pg_trgm on the same titles (performance 2.6). */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { bigrams, createDb, createPool, filesByText } from '@lantai/server'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { contest, type Figure, percentile } from './figure.ts'
import { asClient, freshStore, seeded, timed } from './store.ts'

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈'
const given =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文博雨泽梓涵浩宇欣怡佳琪俊思远晨曦嘉瑞景行知夏若初云舒锦程星辰安然书瑶沐阳'
const places = ['东港区', '岚山区', '莒县', '五莲县', '开发区', '山海天', '高新区']
const estates = [
  '日出佳苑',
  '海曲花园',
  '望海新城',
  '金桥家园',
  '兴业春天',
  '碧桂园',
  '石臼小区',
  '天德海景',
]
const kinds = [
  '个人住房公积金贷款档案',
  '购房提取住房公积金材料',
  '他项权证档案',
  '贷款合同及附件',
  '异地转移接续材料',
]

const nameOf = (pick: (n: number) => number) =>
  (surnames[pick(surnames.length)] as string) +
  (given[pick(given.length)] as string) +
  (pick(4) === 0 ? '' : given[pick(given.length)])

const titleOf = (pick: (n: number) => number) =>
  `${nameOf(pick)}购买日照市${places[pick(places.length)]}${estates[pick(estates.length)]}${1 + pick(40)}号楼商品住房${kinds[pick(kinds.length)]}`

const lexemes = (title: string) => [...bigrams(title)].map((g) => `'${g}'`).join(' ')
const uuid = (i: number) => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`

function* rows(titles: number): Generator<string> {
  const pick = seeded(7)
  for (let i = 1; i <= titles; i++) {
    const title = titleOf(pick)
    yield `bench\t${uuid(i)}\t${uuid(1)}\t1\t1\tB-${i}\t${title}\t-\t2019-01-01\t60\tD30\t0\t-\t-\t${lexemes(title)}\n`
  }
}

async function fill(url: string, titles: number) {
  await asClient(url, async (client) => {
    const { rows: indexes } = await client.query(
      `select indexname, indexdef from pg_indexes where tablename = 'file' and indexname <> 'file_pkey'`,
    )
    for (const r of indexes) await client.query(`drop index ${r.indexname}`)
    const copy = client.query(
      copyFrom(`copy file (site_id, file_id, box_id, category_id, position, ref_code, title, responsible, date, pages,
        retention, secrecy, openness, initials, grams) from stdin`),
    )
    await pipeline(Readable.from(rows(titles)), copy)
    await client.query(`set maintenance_work_mem = '1GB'`)
    for (const r of indexes) await client.query(r.indexdef)
    await client.query('create extension pg_trgm')
    await client.query('create table peer_title as select title from file')
    await client.query('create index peer_trgm on peer_title using gin (title gin_trgm_ops)')
    await client.query('vacuum analyze file, peer_title')
  })
}

export async function titleSearch(clusterUrl: string, titles: number): Promise<Figure[]> {
  const url = await freshStore(clusterUrl, 'bench_title')
  const loadMs = await timed(() => fill(url, titles))
  const pool = createPool(url, { max: 1 })
  const db = createDb(pool)
  // The same distinct queries for both, each asked once a round: two characters of a name that occurs.
  const questions = (round: number, n: number) => {
    const pick = seeded(1000 + round)
    const asked = new Set<string>()
    while (asked.size < n) asked.add(nameOf(pick).slice(0, 2))
    return [...asked]
  }
  const ours = (q: string) => {
    const query = filesByText({ site: 'bench', rank: 4, cap: 1000, limit: 20 }, q)
    if (!query) throw new Error('two characters must be searchable')
    return query.execute(db)
  }
  const trgm = (q: string) =>
    sql`select title from peer_title where title like ${`%${q}%`} limit 20`.execute(db)
  const p50 = async (ask: (q: string) => Promise<unknown>, round: number, n: number) => {
    const all: number[] = []
    for (const q of questions(round, n)) all.push(await timed(() => ask(q)))
    return percentile(all, 50)
  }
  const figure = await contest({
    name: 'title-two-characters',
    meaning: `pg_trgm / ours: p50 of the first 20 of ${titles} titles by two characters (ours also counts, capped at 1,000)`,
    aim: { atLeast: 100 },
    rounds: 5,
    product: (round) => p50(trgm, round, 40),
    peer: (round) => p50(ours, round, 400),
    detail: () => ({
      unit: 'ms',
      titles,
      loadSeconds: Math.round(loadMs / 1000),
      note: 'product column is pg_trgm, peer column is ours',
    }),
  })
  await db.destroy()
  return [figure]
}
