import { randomUUID } from 'node:crypto'
import { api, minutes } from '@lantai/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  boxCode,
  boxEpc,
  type Caller,
  cardCode,
  type SampleStore,
  sampleStore,
} from '../../import/testing.ts'
import { addEvidence } from '../whereabouts/whereabouts.ts'
import { isOnLoan } from './lending.ts'

let store: SampleStore
let desk: Caller
let other: Caller
beforeAll(async () => {
  store = await sampleStore('lending')
})
beforeEach(async () => {
  desk = await store.as(['desk'], 'internal')
  other = await store.as(['desk'], 'internal')
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

const due = '2026-12-01'
const { lending } = api
const issue = (who: Caller, codes: string[], more: object = {}) =>
  who(lending.issueBoxes, {
    body: { card: cardCode(1), codes, due, requestId: randomUUID(), ...more },
  })
const giveBack = (who: Caller, code: string, requestId = randomUUID()) =>
  who(lending.returnBox, { body: { code, requestId } })
const card = async (box: string) => (await desk(api.boxes.getBox, { params: { box } })).body
const events = async (box: string) =>
  (
    await store.t.ctx.db
      .selectFrom('custody_entry')
      .select(['event', 'outcome'])
      .where('site_id', '=', 'lending')
      .where('box', '=', box)
      .orderBy('index')
      .execute()
  ).map((e) => e.event)

describe('the three beats', () => {
  it('shows the card with what it holds and what is overdue', async () => {
    const { body } = await desk(lending.getBorrower, { params: { card: cardCode(1) } })
    expect(body).toMatchObject({ expired: false, loans: [{ box: boxCode(7), overdue: true }] })
    expect((await desk(lending.getBorrower, { params: { card: cardCode(9) } })).code).toBe(
      'card-unknown',
    )
  })

  it('lends, and says where the box goes when it comes back by its tag', async () => {
    expect((await issue(desk, [boxCode(1)])).body.loans).toMatchObject([
      { box: boxCode(1), due, title: '张伟购买天成新城小区商品住房个人住房公积金贷款档案' },
    ])
    expect(await card(boxCode(1))).toMatchObject({
      state: 'lent',
      belief: { place: null, placeLabel: '法规科', evidence: { kind: 'issued' } },
    })
    store.t.clock.advance(1000)
    expect((await giveBack(other, boxEpc(1))).body).toMatchObject({
      goesBackTo: '1A-1-1-1',
      aisle: null,
      bank: 'B1',
      loan: { box: boxCode(1) },
    })
    expect(await card(boxCode(1))).toMatchObject({ state: 'unread', loan: null })
    expect(await events(boxCode(1))).toEqual(['box.issued', 'box.returned'])
    expect((await giveBack(other, boxCode(1))).code).toBe('not-lent')
  })

  it.each([
    ['card-unknown', () => ({ card: cardCode(9) }), [boxCode(2)]],
    ['card-expired', () => ({ card: cardCode(2) }), [boxCode(2)]],
    ['box-unknown', () => ({}), [boxCode(99)]],
    ['already-lent', () => ({}), [boxCode(7)]],
    ['above-clearance', () => ({ card: cardCode(3) }), [boxCode(5)]],
    ['due-date-invalid', () => ({ due: '2026-11-21' }), [boxCode(2)]],
    ['due-date-invalid', () => ({ due: '2027-06-01' }), [boxCode(2)]],
  ] as const)('refuses %s', async (code, more, codes) => {
    const answer = await issue(desk, [...codes], more())
    expect(answer.code).toBe(code)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  })

  it.each([
    ['card-unknown', cardCode(9), boxCode(2)],
    ['card-expired', cardCode(2), boxCode(2)],
    ['already-lent', cardCode(1), boxEpc(7)],
    [null, cardCode(1), boxEpc(2)],
  ])('says %s already when the code arrives', async (refusal, card, code) => {
    const { body } = await desk(lending.checkBox, { body: { card, code } })
    expect(body.refusal).toBe(refusal)
    expect((await desk(lending.checkBox, { body: { card, code: boxCode(99) } })).code).toBe(
      'box-unknown',
    )
  })

  it('lends all or nothing', async () => {
    expect((await issue(desk, [boxCode(2), boxCode(7)])).code).toBe('already-lent')
    expect((await card(boxCode(2))).state).toBe('onShelf')
    expect(await events(boxCode(2))).toEqual([])
  })

  it('tells a clerk nothing of a box above the own clearance (RG21)', async () => {
    const { body } = await desk(lending.checkBox, { body: { card: cardCode(3), code: boxCode(5) } })
    expect(body).toEqual({
      code: boxCode(5),
      title: null,
      secrecy: 'topSecret',
      home: null,
      place: null,
      refusal: 'above-clearance',
      refusalDetail: null,
    })
  })

  it('refuses a box that was carried off, and lends it when it lies on the desk', async () => {
    const box = await card(boxCode(3))
    const seen = (kind: 'passage' | 'sighting', placeLabel: string) =>
      store.t.ctx.write((work) =>
        addEvidence(work, [
          { boxId: box.id, kind, at: work.now, by: 'reader', place: null, placeLabel },
        ]),
      )
    await seen('passage', '安全门')
    expect((await issue(desk, [boxCode(3)])).code).toBe('not-in-place')
    store.t.clock.advance(1000)
    await seen('sighting', '借阅台')
    expect((await issue(desk, [boxCode(3)])).status).toBe(200)
    expect(await isOnLoan(store.t.ctx.db, 'lending', [box.id])).toEqual(new Set([box.id]))
    await giveBack(desk, boxCode(3))
  })
})

describe('once', () => {
  it('the same request has the same answer and issues nothing twice (D16)', async () => {
    const requestId = randomUUID()
    const first = await issue(desk, [boxCode(2)], { requestId })
    const again = await issue(desk, [boxCode(2)], { requestId })
    expect(again.body).toEqual(first.body)
    expect(await events(boxCode(2))).toEqual(['box.issued'])
    expect((await issue(desk, [boxCode(4)], { requestId })).code).toBe('conflict')
    expect((await issue(other, [boxCode(2)], { requestId })).code).toBe('conflict')
    const back = randomUUID()
    const returned = await giveBack(desk, boxCode(2), back)
    expect((await giveBack(desk, boxCode(2), back)).body).toEqual(returned.body)
  })

  it('many desks at the same moment: one winner for each box, and no deadlock', async () => {
    const both = [boxCode(2), boxCode(4)]
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        issue(i % 2 ? desk : other, i % 3 ? both : both.toReversed()),
      ),
    )
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.code === 'already-lent')).toHaveLength(7)
    expect((await events(boxCode(4))).filter((e) => e === 'box.issued')).toHaveLength(1)
    for (const code of both) await giveBack(desk, code)
  })

  it('the same request from two tabs at once is one issue', async () => {
    const requestId = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => issue(desk, [boxCode(4)], { requestId })))
    expect(new Set(answers.map((a) => a.body.loans[0]?.loan)).size).toBe(1)
    await giveBack(desk, boxCode(4))
  })
})

describe('undo', () => {
  const undo = (who: Caller, loan: string) => who(lending.undoLending, { params: { loan } })
  it('takes an issue back by an act of its own, by the same person within ten minutes', async () => {
    const loan = (await issue(desk, [boxCode(4)])).body.loans[0]?.loan ?? ''
    expect((await undo(other, loan)).code).toBe('forbidden')
    expect((await undo(desk, loan)).body.returnedAt).not.toBeNull()
    expect((await undo(desk, loan)).code).toBe('conflict')
    expect((await events(boxCode(4))).slice(-2)).toEqual(['box.issued', 'undo'])
  })
  it('opens a loan again, unless the box is lent to somebody else by now', async () => {
    const loan = (await issue(desk, [boxCode(4)])).body.loans[0]?.loan ?? ''
    await giveBack(desk, boxCode(4))
    expect((await undo(desk, loan)).body.returnedAt).toBeNull()
    await giveBack(desk, boxCode(4))
    const next = (await issue(desk, [boxCode(4)])).body.loans[0]?.loan ?? ''
    expect((await undo(desk, loan)).code).toBe('already-lent')
    store.t.clock.advance(minutes(11))
    expect((await undo(desk, next)).code).toBe('forbidden')
    await giveBack(desk, boxCode(4))
  })
  it('lists open loans, the next due first', async () => {
    const { body } = await desk(lending.listLoans)
    expect(body).toMatchObject({ total: 1, overdue: 1, loans: [{ box: boxCode(7) }] })
  })
})
