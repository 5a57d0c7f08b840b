import type { Belief } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { type BoxFacts, type CardFacts, dueFault, judge, mayUndo } from './rules.ts'

const today = '2026-11-22'
const card: CardFacts = { clearance: 'internal', validUntil: '2026-11-22' }
const clerk = { clearance: 'secret' } as const
const home = { column: 12, side: 'A', section: 3, shelf: 4, slot: 2 } as const
const belief = (
  kind: Belief['evidence']['kind'],
  place: string | null,
  label: string | null = null,
): Belief => ({
  place,
  placeLabel: label,
  confidence: 0.9,
  evidence: { kind, at: '2026-11-22T06:00:00.000Z', by: 'x' },
})
const box: BoxFacts = {
  secrecy: 'internal',
  home,
  belief: belief('counted', '12A-3-4-2'),
  loan: null,
}
const codeOf = (j: ReturnType<typeof judge>) => (j.ok ? null : j.code)

describe('lending', () => {
  it('lends on the last day of a card, and not after', () => {
    expect(judge(card, box, clerk, today)).toEqual({ ok: true })
    expect(codeOf(judge({ ...card, validUntil: '2026-11-21' }, box, clerk, today))).toBe(
      'card-expired',
    )
  })
  it.each([
    ['card-unknown', null, box],
    ['box-unknown', card, null],
    ['already-lent', card, { ...box, loan: { borrower: '张伟', due: today } }],
    ['above-clearance', card, { ...box, secrecy: 'secret' as const }],
    [
      'above-clearance',
      { ...card, clearance: 'topSecret' as const },
      { ...box, secrecy: 'topSecret' as const },
    ],
    ['not-in-place', card, { ...box, belief: belief('shelved', '13A-1-1-1') }],
    ['not-in-place', card, { ...box, belief: belief('passage', null, '安全门') }],
    ['not-in-place', card, { ...box, home: null, belief: belief('moved', '13A-1-1-1') }],
  ] as const)('refuses %s', (code, c, b) => {
    expect(codeOf(judge(c, b, clerk, today))).toBe(code)
  })
  it.each([
    ['read at the desk', belief('sighting', null, '借阅台')],
    ['just returned', belief('returned', null, '借阅台')],
    ['on its shelf, one slot further', belief('moved', '12A-3-4-3')],
    ['known from the catalogue alone', belief('import', '12A-3-4-2')],
    ['without evidence', null],
  ] as const)('lends a box that is %s', (_, b) => {
    expect(judge(card, { ...box, belief: b }, clerk, today).ok).toBe(true)
  })
  it('tells nobody who holds a box above their clearance, nor where it is (RG21)', () => {
    const hidden = { ...box, secrecy: 'topSecret', loan: { borrower: '张伟', due: today } } as const
    expect(judge(card, hidden, clerk, today)).toEqual({
      ok: false,
      code: 'above-clearance',
      detail: null,
    })
  })
})

describe('due date', () => {
  it.each([
    [today, null],
    ['2027-02-20', null],
    ['2027-02-21', 'longer than 90 days'],
    ['2026-11-21', '2026-11-21 is past'],
    ['2026-99-99', '2026-99-99 is not a day'],
  ])('%s', (due, fault) => {
    expect(dueFault(due, today)).toBe(fault)
  })
})

describe('undo', () => {
  const at = new Date('2026-11-22T06:00:00Z')
  it('belongs to the same person for ten minutes', () => {
    const after = (s: number) => new Date(at.getTime() + s * 1000)
    expect(mayUndo({ by: 'a', at }, { id: 'a' }, after(600))).toBe(true)
    expect(mayUndo({ by: 'a', at }, { id: 'a' }, after(601))).toBe(false)
    expect(mayUndo({ by: 'a', at }, { id: 'b' }, after(1))).toBe(false)
    expect(mayUndo({ by: null, at }, { id: 'b' }, after(1))).toBe(false)
  })
})
