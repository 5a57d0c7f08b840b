/** Fill of columns and faces, from one byte a shelf: face A then B, section 1…n, shelf 1…m (0–255). */
import type { LayoutBank } from '@lantai/contracts'

export interface ColumnFillBytes {
  column: number
  fill: readonly number[]
}

const mean = (bytes: readonly number[]) =>
  bytes.length === 0 ? 0 : bytes.reduce((a, b) => a + b, 0) / bytes.length / 255

export const fillOfFaces = (c: ColumnFillBytes): { a: number; b: number } => {
  const half = c.fill.length / 2
  return { a: mean(c.fill.slice(0, half)), b: mean(c.fill.slice(half)) }
}

/** Fill 0…1 of one shelf of a face; sections and shelves count from 1. */
export function fillOfShelf(
  c: ColumnFillBytes,
  column: { sections: number; shelves: number },
  side: 'A' | 'B',
  section: number,
  shelf: number,
): number {
  const face = side === 'A' ? 0 : column.sections * column.shelves
  return (c.fill[face + (section - 1) * column.shelves + shelf - 1] ?? 0) / 255
}

export const percent = (share: number): number => Math.round(share * 100)

/** The bank and column that an address names. */
export function findColumn(banks: readonly LayoutBank[], column: number) {
  for (const bank of banks) {
    const found = bank.columns.find((c) => c.column === column)
    if (found) return { bank, column: found }
  }
  return null
}
