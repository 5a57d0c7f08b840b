/** A small choice of this person on this browser (language, theme). Works without storage, for the page's life. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`lantai.${key}`)
  } catch {
    // Storage is switched off in this browser: the choice lives as long as the page.
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`lantai.${key}`, value)
  } catch {
    // See above: nothing is lost but the choice.
    return
  }
}
