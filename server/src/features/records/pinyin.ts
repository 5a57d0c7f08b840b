import { pinyin } from 'pinyin-pro'

/**
 * Pinyin initials by a cache per character: asking the library for every title would take half a minute for a
 * store. The price is one reading for each character, but for surnames, which are asked as surnames.
 */
export class Initials {
  readonly #letters = new Map<string, string>()
  readonly #surnames = new Map<string, string>()

  /** `zhang wei` is `zw`; 单 and 曾 are read as surnames. */
  ofPerson(name: string): string {
    const folded = name.normalize('NFKC')
    const surname = this.#surnameOf(folded)
    return (surname + this.#of(folded.slice(surname.length))).toLowerCase()
  }

  ofText(text: string): string {
    return this.#of(text.normalize('NFKC')).toLowerCase()
  }

  #of(text: string): string {
    let initials = ''
    for (const character of text) initials += this.#letter(character)
    return initials
  }

  #letter(character: string): string {
    let letter = this.#letters.get(character)
    if (letter === undefined) {
      letter = initialOf(character)
      this.#letters.set(character, letter)
    }
    return letter
  }

  /** The initials of the surname: two characters (欧阳) where the library knows them as one surname. */
  #surnameOf(name: string): string {
    const head = name.slice(0, 2)
    let known = this.#surnames.get(head)
    if (known === undefined) {
      known = surnameInitials(head)
      this.#surnames.set(head, known)
    }
    return known
  }
}

function surnameInitials(head: string): string {
  const letters = pinyin(head, {
    pattern: 'first',
    toneType: 'none',
    surname: 'head',
    type: 'array',
  })
  return /^\p{Script=Han}{1,2}$/u.test(head) ? letters.join('') : ''
}

/** One letter for a Han character, the character itself for a letter or digit, nothing for a sign. */
function initialOf(character: string): string {
  if (/^[a-z0-9]$/i.test(character)) return character
  if (!/^\p{Script=Han}$/u.test(character)) return ''
  return pinyin(character, { pattern: 'first', toneType: 'none', type: 'array' })[0] ?? ''
}
