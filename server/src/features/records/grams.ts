/** Text as it is compared: full width folded, lower case, runs of spaces gone. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase().trim()

const runs = /[\p{L}\p{N}]+/gu

/**
 * The distinct pairs of neighbouring characters of a title. No trigram index is selective for the two characters
 * of a Chinese name (measured 160 ms against 0.4 ms at a million titles), bigrams are.
 */
export function bigrams(text: string): Set<string> {
  const grams = new Set<string>()
  for (const [run] of fold(text).matchAll(runs)) {
    // Almost every title lies in the basic plane, where indexing is several times faster than code points.
    const chars: ArrayLike<string> = hasAstral(run) ? [...run] : run
    for (let i = 1; i < chars.length; i++)
      grams.add((chars[i - 1] as string) + (chars[i] as string))
  }
  return grams
}

/** A tsquery that every title with this text satisfies; null when the text has no pair of characters. */
export function gramQuery(text: string): string | null {
  const grams = [...bigrams(text)]
  return grams.length === 0 ? null : grams.map((g) => `'${g}'`).join(' & ')
}

const hasAstral = (text: string): boolean => /[\uD800-\uDFFF]/.test(text)
