import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestContext, type TestContext } from '../testing.ts'
import { ImportRefused, SiteNotEmpty } from './faults.ts'
import { boxCode, importLines, sampleLines } from './testing.ts'

let t: TestContext
beforeAll(async () => {
  t = await createTestContext('import')
})
afterAll(async () => await t?.[Symbol.asyncDispose]())

const refused = async (lines: readonly object[]) => {
  const error = await importLines(t, lines).catch((err: unknown) => err)
  if (!(error instanceof ImportRefused)) throw new Error('was not refused', { cause: error })
  return error
}
const rowsIn = async (table: string) => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}
    where site_id = 'import'`.execute(t.ctx.db)
  return rows[0]?.n
}
const patch = (kind: string, change: object, nth = 0) => {
  let seen = -1
  return sampleLines('import').map((l) =>
    l.kind === kind && ++seen === nth ? { ...l, ...change } : l,
  )
}

describe('import', () => {
  it('refuses with the number and the reason of each bad line, and writes nothing', async () => {
    const cases: [object[], number, RegExp][] = [
      [patch('box', { code: 'LT00000010' }), 5, /check character/],
      [patch('box', { home: '9A-1-1-1' }), 5, /not in the layout/],
      [patch('box', { home: '1A-1-1-2' }), 6, /home place is there twice/],
      [patch('file', { subjects: ['p9'] }), 15, /subject p9/],
      [patch('file', { date: '2019-02-30' }), 15, /not a day/],
      [patch('file', { retention: 'X' }), 15, /retention/],
      [patch('file', { secrecy: 'cosmic' }), 15, /secrecy/],
      [patch('file', { title: 'a\u0000b' }), 15, /NUL/],
      [patch('file', { refCode: 'J019-ZY·DK·2019·D30-0001-002' }), 16, /there twice/],
      [patch('loan', { card: 'RC00000990' }), 24, /card/],
    ]
    for (const [lines, line, reason] of cases) {
      const { faults } = await refused(lines)
      expect(faults[0]).toEqual({ line, reason: expect.stringMatching(reason) })
    }
    expect(await rowsIn('box')).toBe(0)
    expect(await rowsIn('layout')).toBe(0)
  })

  it('lists at most fifty bad lines, and says how many there are', async () => {
    const { faults, count } = await refused([
      ...sampleLines('import'),
      ...Array.from({ length: 60 }, () => ({})),
    ])
    expect(faults).toHaveLength(50)
    expect(count).toBe(60)
  })

  it('wants the kinds in order and one layout', async () => {
    const [layout, ...rest] = sampleLines('import')
    expect((await refused(rest)).faults[0]?.reason).toMatch(/exactly one layout/)
    expect((await refused([...rest, layout as object])).faults[0]?.reason).toMatch(
      /layout after loan/,
    )
  })

  it('fills the site whole, once, with every index back in its place', async () => {
    const indexes = () =>
      sql<{
        d: string
      }>`select indexdef as d from pg_indexes where schemaname = 'public' order by 1`
        .execute(t.ctx.db)
        .then((r) => r.rows.map((x) => x.d))
    const before = await indexes()
    const counts = await importLines(t, sampleLines('import'))
    expect(counts).toMatchObject({ box: 7, file: 6, subject: 3, loan: 1 })
    expect(await indexes()).toEqual(before)
    expect(await rowsIn('evidence')).toBe(8)
    const { rows } = await sql<{ code: string; kind: string; secrecy: number }>`
      select b.code, f.kind, b.secrecy from box b join belief f using (site_id, box_id) order by code`.execute(
      t.ctx.db,
    )
    expect(rows.map((r) => [r.kind, r.secrecy])).toEqual([
      ['counted', 1],
      ['counted', 1],
      ['counted', 0],
      ['import', 0],
      ['counted', 4],
      ['import', 0],
      ['issued', 0],
    ])
    expect(rows[0]?.code).toBe(boxCode(1))
    await expect(importLines(t, sampleLines('import'))).rejects.toBeInstanceOf(SiteNotEmpty)
  })

  it('is one entry of the ledger, with the hash of what was read', async () => {
    const entries = await t.ctx.db
      .selectFrom('custody_entry')
      .select(['event', 'leaf'])
      .where('site_id', '=', 'import')
      .execute()
    expect(entries).toHaveLength(1)
    expect(JSON.parse(String(entries[0]?.leaf)).object).toMatchObject({
      boxes: 7,
      files: 6,
      sha256: '00',
    })
  })
})
