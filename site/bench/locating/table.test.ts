import { expect, test } from 'vitest'
import { percent, percentSpread, table } from './table.ts'

test('a table is Markdown with columns of one width', () => {
  const lines = table(
    ['method', 'rank'],
    [
      ['echo', '93.5'],
      ['a longer name', '1'],
    ],
  ).split('\n')
  expect(new Set(lines.map((l) => l.length)).size).toBe(1)
  expect(lines[1]).toMatch(/^\| -+ \| -+: \|$/)
  expect(lines[3]).toContain('| a longer name |    1 |')
})

test('what is not there is a dash, and no number', () => {
  expect(percent(Number.NaN)).toBe('–')
  expect(percentSpread(Number.NaN, { min: 0, max: 1 })).toBe('–')
  expect(percentSpread(0.873, { min: 0.81, max: 0.92 })).toBe('87.3 (81–92)')
})
