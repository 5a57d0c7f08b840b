import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Address, faceOf, formatAddress, parseAddress } from './address.ts'

test('a whole address reads as the steel is painted', () => {
  expect(parseAddress('12a-3-4-2')).toEqual({
    column: 12,
    side: 'A',
    section: 3,
    shelf: 4,
    slot: 2,
  })
  expect(faceOf({ column: 12, side: 'A' })).toBe('12A')
})

test('what is not an address is null, never a guess', () => {
  for (const text of [
    '',
    '12',
    '12C',
    '0A',
    '12A-0',
    '12A-',
    '12A-3-4-2-1',
    'A12',
    '12A 3',
    '1234A',
  ])
    expect(parseAddress(text), text).toBeNull()
})

test('writing and reading give the same place, whole or in part', () => {
  const part = fc.integer({ min: 1, max: 99 })
  const address = fc
    .tuple(
      fc.integer({ min: 1, max: 999 }),
      fc.constantFrom('A' as const, 'B' as const),
      fc.array(part, { maxLength: 3 }),
    )
    .map(
      ([column, side, [section, shelf, slot]]): Address => ({
        column,
        side,
        ...(section ? { section } : {}),
        ...(shelf ? { shelf } : {}),
        ...(slot ? { slot } : {}),
      }),
    )
  fc.assert(
    fc.property(address, (a) => {
      expect(parseAddress(formatAddress(a))).toEqual(a)
    }),
  )
})
