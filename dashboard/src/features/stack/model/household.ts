/** Files of one person or unit: newest first within the whole, with the categories that they come from. */
import type { FileView } from '@lantai/contracts'

export interface HouseholdYear {
  year: string
  files: FileView[]
}

/** By date, newest first; grouped by year so that a long life stays readable. */
export function byYear(files: readonly FileView[]): HouseholdYear[] {
  const years = new Map<string, FileView[]>()
  const sorted = [...files].sort(
    (a, b) => b.date.localeCompare(a.date) || a.refCode.localeCompare(b.refCode),
  )
  for (const f of sorted) {
    const year = f.date.slice(0, 4)
    years.set(year, [...(years.get(year) ?? []), f])
  }
  return [...years].map(([year, list]) => ({ year, files: list }))
}

export const countDistinct = (files: readonly FileView[]) => ({
  files: files.length,
  categories: new Set(files.map((f) => f.category)).size,
  boxes: new Set(files.map((f) => f.box)).size,
})
