import { contractVersion } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { driftOf, fitsOf, type Known } from './drift.ts'

const at = (version: number, sha256 = `h${version}`) => ({ version, sha256 })
const known = (more: Partial<Known>): Known => ({
  ...{ desired: null, reported: null, judged: null, kept: null },
  ...more,
})

test.each<[string, Partial<Known>, ReturnType<typeof driftOf>]>([
  ['nothing is known', {}, null],
  ['wanted, and never heard', { desired: at(1) }, 'waiting'],
  ['its own file', { reported: at(0), kept: at(0) }, null],
  ['as wanted', { desired: at(1), reported: at(1), kept: at(1) }, null],
  [
    'another text under the same number',
    { desired: at(1), reported: at(1, 'x'), kept: at(1) },
    'other',
  ],
  ['sent, not judged', { desired: at(2), reported: at(1), kept: at(1) }, 'waiting'],
  ['refused', { desired: at(2), reported: at(1), kept: at(1), judged: 'rejected' }, 'rejected'],
  [
    'set back after it ran',
    { desired: at(2), reported: at(1), kept: at(1), judged: 'applied' },
    'other',
  ],
  ['newer than wanted', { desired: at(2), reported: at(3), kept: at(3) }, 'other'],
  ['never seen here', { desired: at(2), reported: at(1, 'x'), kept: at(1) }, 'other'],
])('drift: %s', (_name, more, drift) => {
  expect(driftOf(known(more))).toBe(drift)
})

test('ADR 12: one contract version older or newer is understood, and no more', () => {
  const ahead = [-2, -1, 0, 1, 2].map((n) => fitsOf(contractVersion + n))
  expect(ahead).toEqual(['too-old', 'older', 'same', 'newer', 'too-new'])
  expect(fitsOf(null)).toBe('unknown')
})
