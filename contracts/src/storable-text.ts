/**
 * Text that every store of ours keeps as it is. PostgreSQL knows no U+0000, and half of a surrogate pair has no
 * UTF-8: it would be hashed as one thing and read back as another.
 */
export const isStorableText = (text: string): boolean =>
  !text.includes('\u0000') && text.isWellFormed()

/** The same text with U+FFFD where a character cannot be stored. */
export const storableText = (text: string): string =>
  text.replaceAll('\u0000', '\u{fffd}').toWellFormed()

/** What `isStorableText` refuses, as the inside of a character class of a pattern that is read as Unicode. */
export const unstorableCharacters = '\\u0000\\ud800-\\udfff'
/** The rule of `isStorableText` for a JSON Schema whose patterns are read as Unicode. */
export const storablePattern = `^[^${unstorableCharacters}]*$`

/** Every string of a JSON value, names of fields too. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, field]) => isStorableText(key) && isStorable(field))
}
