import type { BorrowerView, LendingCheck, LoanView } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import {
  beatOf,
  canFinish,
  type DeskEvent,
  deskReducer,
  emptyDesk,
  readyCodes,
} from './desk-state.ts'
import { addDays, dayOf, daysBetween, isDay } from './due-date.ts'

const card = (code = 'RC00000012'): BorrowerView => ({
  card: code,
  name: '陈静',
  unit: '稽核科',
  clearance: 'internal',
  validUntil: '2027-01-01',
  expired: false,
  loans: [],
})
const ok = (code: string): LendingCheck => ({
  code,
  title: null,
  secrecy: 'open',
  home: '12A-3-4-2',
  place: null,
  refusal: null,
  refusalDetail: null,
})
const loan: LoanView = {
  loan: '00000000-0000-4000-8000-000000000001',
  box: 'LT0000001A',
  title: null,
  secrecy: 'open',
  borrower: '陈静',
  unit: '稽核科',
  card: 'RC00000012',
  issuedAt: '2026-11-22T06:00:00Z',
  issuedBy: '周',
  due: '2026-12-06',
  overdue: false,
  returnedAt: null,
}
const run = (...events: DeskEvent[]) => events.reduce(deskReducer, emptyDesk('2026-12-06'))
const scan = (key: string, code: string): DeskEvent => ({ type: 'scanned', key, code })

describe('the desk: card, boxes, done', () => {
  it('goes through its three beats', () => {
    const s1 = run({ type: 'card', borrower: card() })
    const s2 = run({ type: 'card', borrower: card() }, scan('1', 'LT1'), {
      type: 'checked',
      key: '1',
      check: ok('LT1'),
    })
    expect([beatOf(emptyDesk('2026-12-06')), beatOf(s1), beatOf(s2)]).toEqual([
      'card',
      'boxes',
      'done',
    ])
    expect(canFinish(s1)).toBe(false)
    expect(canFinish(s2)).toBe(true)
    expect(readyCodes(s2)).toEqual(['LT1'])
    const s3 = deskReducer(deskReducer(s2, { type: 'sending' }), {
      type: 'issued',
      loans: [loan],
    })
    expect([s3.lines, s3.borrower, s3.sending]).toEqual([[], null, false])
    // What was issued stays in sight until the next card, and says so when it was undone.
    const undone = deskReducer(s3, { type: 'undone', loan: loan.loan })
    expect([s3.issued, undone.issued]).toEqual([
      { loans: [loan], undone: [] },
      { loans: [loan], undone: [loan.loan] },
    ])
    expect(deskReducer(s3, { type: 'card', borrower: card() }).issued).toBeNull()
  })

  it('does not finish while a box is still being judged, nor for an expired card', () => {
    const judging = run({ type: 'card', borrower: card() }, scan('1', 'LT1'))
    expect(canFinish(judging)).toBe(false)
    const expired = run(
      { type: 'card', borrower: { ...card(), expired: true } },
      scan('1', 'LT1'),
      {
        type: 'checked',
        key: '1',
        check: ok('LT1'),
      },
    )
    expect(canFinish(expired)).toBe(false)
  })

  it('keeps a refusal on top until it is dismissed, with its rule and facts', () => {
    const refusal = {
      ...ok('LT2'),
      refusal: 'already-lent' as const,
      refusalDetail: '刘, 2026-12-01',
    }
    const s = run(
      { type: 'card', borrower: card() },
      scan('1', 'LT1'),
      { type: 'checked', key: '1', check: ok('LT1') },
      scan('2', 'LT2'),
      { type: 'checked', key: '2', check: refusal },
      scan('3', 'LT3'),
    )
    expect(s.refused).toMatchObject([{ code: 'LT2', refusal: { rule: 'already-lent' } }])
    expect(s.lines.map((l) => l.code)).toEqual(['LT3', 'LT1'])
    expect(deskReducer(s, { type: 'dismiss', key: '2' }).refused).toEqual([])
  })

  it('says 已扫过 for a repeated code, and for the EPC of a box that is in the list', () => {
    const s = run({ type: 'card', borrower: card() }, scan('1', 'LT1'), scan('2', 'LT1'))
    expect(s.note).toEqual({ key: 'note.repeated', code: 'LT1' })
    expect(s.lines).toHaveLength(1)
    const byTag = [
      { type: 'checked', key: '1', check: ok('LT1') } as const,
      scan('2', 'E280116060000000'),
      { type: 'checked', key: '2', check: ok('LT1') } as const,
    ].reduce(deskReducer, s)
    expect(byTag.lines.map((l) => l.code)).toEqual(['LT1'])
    expect(byTag.note?.key).toBe('note.repeated')
  })

  it('ignores an answer whose line was taken off, and scans while sending', () => {
    const s = run(
      { type: 'card', borrower: card() },
      scan('1', 'LT1'),
      { type: 'remove', code: 'LT1' },
      { type: 'checked', key: '1', check: ok('LT1') },
    )
    expect(s.lines).toEqual([])
    const sending = deskReducer(s, { type: 'sending' })
    expect(deskReducer(sending, scan('2', 'LT2')).lines).toEqual([])
    expect(
      deskReducer(sending, {
        type: 'sendFailed',
        problem: { rule: 'already-lent', detail: null },
        lost: false,
      }).sending,
    ).toBe(false)
  })

  it('D16: keeps a request whose answer was lost exactly as it was sent', () => {
    const lost = run(
      { type: 'card', borrower: card() },
      scan('1', 'LT1'),
      { type: 'checked', key: '1', check: ok('LT1') },
      { type: 'sending' },
      { type: 'sendFailed', problem: { rule: 'timeout', detail: null }, lost: true },
    )
    expect(deskReducer(lost, scan('2', 'LT2')).lines).toEqual(lost.lines)
    expect(deskReducer(lost, { type: 'remove', code: 'LT1' }).lines).toEqual(lost.lines)
    expect(canFinish(lost)).toBe(true)
  })

  it('drops boxes that were judged for another card, and keeps them for the same', () => {
    const s = run({ type: 'card', borrower: card() }, scan('1', 'LT1'))
    expect(deskReducer(s, { type: 'card', borrower: card() }).lines).toHaveLength(1)
    expect(deskReducer(s, { type: 'card', borrower: card('RC00000099') }).lines).toEqual([])
  })

  it('shows what came back and marks what was undone', () => {
    const s = run(
      { type: 'mode', mode: 'return' },
      { type: 'returned', line: { loan, goesBackTo: '12A-3-4-2', aisle: 11, bank: 'B1' } },
      { type: 'undone', loan: loan.loan },
    )
    expect(s.returned).toMatchObject([{ goesBackTo: '12A-3-4-2', undone: true }])
    expect(deskReducer(s, { type: 'clear', due: '2026-12-06' })).toEqual(
      emptyDesk('2026-12-06', 'return'),
    )
  })

  it('takes nothing along into another mode', () => {
    const s = run({ type: 'card', borrower: card() }, scan('1', 'LT1'), {
      type: 'mode',
      mode: 'return',
    })
    expect([s.borrower, s.lines]).toEqual([null, []])
    expect(deskReducer(s, { type: 'mode', mode: 'return' })).toBe(s)
  })
})

describe('due dates', () => {
  it('counts calendar days over months, years and leap days', () => {
    expect(addDays('2026-11-22', 14)).toBe('2026-12-06')
    expect(addDays('2026-12-25', 14)).toBe('2027-01-08')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(daysBetween('2026-11-22', '2026-12-06')).toBe(14)
    expect(daysBetween('2026-11-22', '2026-11-20')).toBe(-2)
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
  it('knows a real day from a written one', () => {
    expect(isDay('2026-02-28')).toBe(true)
    expect(isDay('2026-02-30')).toBe(false)
    expect(isDay('soon')).toBe(false)
  })
})
