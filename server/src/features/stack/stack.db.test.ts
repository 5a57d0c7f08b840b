import { api } from '@lantai/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxCode, type Caller, type SampleStore, sampleStore } from '../../import/testing.ts'

let store: SampleStore
let runner: Caller
beforeAll(async () => {
  store = await sampleStore('stack')
  runner = await store.as(['runner'])
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

const { stack } = api
const face = async (name: string) => (await runner(stack.getFace, { params: { face: name } })).body
const shelf = async (name: string, section: number, level: number) =>
  (await face(name)).rows.find((r) => r.section === section && r.shelf === level)?.slots ?? []
const codes = async (name: string) => (await shelf(name, 1, 1)).map((s) => [s.slot, s.code])
const move = (code: string, to: string) => runner(stack.moveBox, { body: { code, to } })
const undo = (id: string) => runner(stack.undoMove, { params: { move: id } })

describe('virtual stack (RZ14, RZ15)', () => {
  it('shows a face slot by slot, with what each may claim', async () => {
    const { rows, ...rest } = await face('1A')
    expect(rest).toMatchObject({ face: '1A', bank: 'B1', boxes: 4, previous: null, next: '1B' })
    expect(rows[0]?.slots.map((s) => [s.slot, s.code, s.state])).toEqual([
      [1, boxCode(1), 'onShelf'],
      [2, boxCode(2), 'onShelf'],
      [3, boxCode(3), 'onShelf'],
      [4, boxCode(4), 'unread'],
    ])
    expect((await face('3A')).rows[0]?.slots[0]?.state).toBe('lent')
    expect((await runner(stack.getFace, { params: { face: '77A' } })).code).toBe('place-unknown')
  })

  it('counts from the same rows that it draws (RZ23)', async () => {
    const { body } = await runner(stack.getOccupancy)
    expect(body).toMatchObject({ boxes: 7, files: 4, pages: 40, lent: 1 })
    // Who may see more counts more: the difference must not tell a reader how much is hidden (T16).
    const officer = await store.as(['archivist'], 'topSecret')
    expect((await officer(stack.getOccupancy)).body).toMatchObject({ files: 6, pages: 60 })
    expect((await runner(stack.getOccupancy)).body).toMatchObject({ files: 4, pages: 40 })
    expect(body.occupied).toBeCloseTo((6 * 40) / (4 * 12 * 300), 10)
    expect(body.columns[0]?.fill[0]).toBe(Math.round((160 / 300) * 255))
  })
})

describe('moving a box (RG8)', () => {
  it('inserts, closes up behind, and undoes both as an act of its own', async () => {
    const before = (await runner(stack.getOccupancy)).body.version
    const { body } = await move(boxCode(5), '1A-1-1-2')
    expect(body).toMatchObject({ from: '2B-1-1-1', to: '1A-1-1-2' })
    expect(await codes('1A')).toEqual([1, 5, 2, 3, 4].map((n, i) => [i + 1, boxCode(n)]))
    expect(await codes('2B')).toEqual([])
    const after = (await runner(stack.getOccupancy)).body
    expect(after.version).toBeGreaterThan(before)
    expect(after.columns[0]?.fill[0]).toBe(170)
    const back = await undo(body.move)
    expect(back.body).toMatchObject({ from: '1A-1-1-2', to: '2B-1-1-1' })
    expect(await codes('1A')).toEqual([1, 2, 3, 4].map((n) => [n, boxCode(n)]))
    const entries = await store.t.ctx.db
      .selectFrom('custody_entry')
      .select('event')
      .where('site_id', '=', 'stack')
      .where('box', '=', boxCode(5))
      .orderBy('index')
      .execute()
    expect(entries.map((e) => e.event)).toEqual(['box.moved', 'undo'])
  })

  it('moves inside a shelf, and gives a place to a box that had none', async () => {
    await move(boxCode(1), '1A-1-1-3')
    expect(await codes('1A')).toEqual([2, 3, 1, 4].map((n, i) => [i + 1, boxCode(n)]))
    expect((await move(boxCode(6), '1A-1-1')).body).toMatchObject({ from: null, to: '1A-1-1-5' })
  })

  it('believes a moved box to be where it was put, and its neighbours where they were', async () => {
    const states = (await shelf('1A', 1, 1)).map((s) => s.state)
    expect(states).toEqual(['onShelf', 'onShelf', 'onShelf', 'unread', 'onShelf'])
  })

  it.each([
    ['box-unknown', boxCode(98), '1A-1-1'],
    ['place-unknown', boxCode(1), '1A-3-1'],
    ['place-unknown', boxCode(1), '1A-1'],
    ['place-unknown', boxCode(1), '1B-1-1-2'],
    ['already-lent', boxCode(7), '1B-1-1'],
  ])('refuses %s', async (code, box, to) => {
    expect((await move(box, to)).code).toBe(code)
  })

  it('overfills no shelf, whoever comes at the same moment (RZ21)', async () => {
    await move(boxCode(3), '1B-1-1')
    const owner = store.t.database.owner
    const wide = await owner
      .selectFrom('box')
      .select('box_id')
      .where('code', '=', boxCode(4))
      .executeTakeFirstOrThrow()
    await owner
      .updateTable('placement')
      .set({ spine_mm: 140 })
      .where('box_id', '=', wide.box_id)
      .execute()
    // 260 of 300 mm are taken, and two boxes of 40 mm come.
    const answers = await Promise.all([3, 5].map((n) => move(boxCode(n), '1A-1-1')))
    expect(answers.map((a) => a.code).sort()).toEqual([null, 'shelf-full'].sort())
    expect((await codes('1A')).map(([slot]) => slot)).toEqual([1, 2, 3, 4, 5])
  })

  it('is not undone once somebody has moved the box again', async () => {
    const first = await move(boxCode(2), '2A-1-1')
    await move(boxCode(2), '2A-2-1')
    expect((await undo(first.body.move)).code).toBe('conflict')
  })
})
