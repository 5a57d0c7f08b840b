const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** ISO 7064 MOD 37,36 check character of a string of digits and capital letters. */
export function checkCharacter(text: string): string {
  let p = 36
  for (const c of text) {
    const v = alphabet.indexOf(c)
    if (v < 0) throw new RangeError(`not a digit or capital letter: ${c}`)
    let s = (p + v) % 36
    if (s === 0) s = 36
    p = (s * 2) % 37
  }
  return alphabet[(37 - p) % 36] as string
}

/** True when the last character is the check character of the rest. */
export const hasValidCheck = (code: string): boolean =>
  code.length > 1 &&
  /^[0-9A-Z]+$/.test(code) &&
  checkCharacter(code.slice(0, -1)) === code.slice(-1)
