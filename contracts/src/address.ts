/**
 * A place in the stack as a person says it. `slot` counts from the left as seen from the aisle.
 * Stored order is physical; what is printed follows the site's settings (domain 3.7).
 */
export interface Address {
  column: number
  side: 'A' | 'B'
  section?: number
  shelf?: number
  slot?: number
}

const pattern = /^([1-9][0-9]{0,2})([AB])(?:-([1-9][0-9]?)(?:-([1-9][0-9]?)(?:-([1-9][0-9]?))?)?)?$/

/** Reads `12A-3-4-2`, in upper or lower case. Returns null for anything else; never guesses. */
export function parseAddress(text: string): Address | null {
  const m = pattern.exec(text.trim().toUpperCase())
  if (!m) return null
  const [, column, side, section, shelf, slot] = m
  return {
    column: Number(column),
    side: side as 'A' | 'B',
    ...(section ? { section: Number(section) } : {}),
    ...(shelf ? { shelf: Number(shelf) } : {}),
    ...(slot ? { slot: Number(slot) } : {}),
  }
}

/** Writes `12A-3-4-2`, leaving out what is not known. */
export function formatAddress(a: Address): string {
  const parts = [`${a.column}${a.side}`, a.section, a.shelf, a.slot]
  const end = parts.indexOf(undefined)
  return (end < 0 ? parts : parts.slice(0, end)).join('-')
}

/** `12A` of an address. */
export const faceOf = (a: Address): string => `${a.column}${a.side}`
