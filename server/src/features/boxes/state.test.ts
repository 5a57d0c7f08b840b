import type { Belief, EvidenceKind } from '@lantai/contracts'
import type { Static } from 'typebox'
import { describe, expect, it } from 'vitest'
import { boxState } from './state.ts'

const home = { column: 12, side: 'A', section: 3, shelf: 4, slot: 2 } as const
const belief = (
  kind: Static<typeof EvidenceKind>,
  place: string | null,
  placeLabel: string | null = null,
): Belief => ({
  place,
  placeLabel,
  confidence: 0.9,
  evidence: { kind, at: '2026-11-22T06:00:00.000Z', by: 'x' },
})

describe('state of a slot', () => {
  it.each([
    ['counted on its shelf', belief('counted', '12A-3-4-2'), 'onShelf'],
    ['on its shelf, pushed one slot by a neighbour', belief('moved', '12A-3-4-3'), 'onShelf'],
    ['put on another shelf', belief('shelved', '12A-3-5-1'), 'misplaced'],
    ['read at the desk without a loan', belief('sighting', null, '借阅台'), 'misplaced'],
    ['carried through the door without a loan', belief('passage', null, '安全门'), 'misplaced'],
    ['known from the catalogue alone', belief('import', '12A-3-4-2'), 'unread'],
    ['returned, not yet read on its shelf', belief('returned', null, '借阅台'), 'unread'],
    ['without any evidence', null, 'unread'],
  ] as const)('%s', (_, now, state) => {
    expect(boxState({ home, belief: now, lent: false })).toBe(state)
  })
  it('a loan explains every place', () => {
    expect(boxState({ home, belief: belief('passage', null), lent: true })).toBe('lent')
  })
})
