/** Where one JSON object ends, byte by byte, and where it can be none. Scalars are looked at loosely: JSON.parse has the last word. */

const depthLimit = 32
const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d]

const isSpace = (b: number) => b === 0x20 || b === 0x0a || b === 0x0d || b === 0x09
/** Letters, digits, `+`, `-` and `.`: numbers, true, false, null. */
const isScalar = (b: number) =>
  (b >= 0x30 && b <= 0x39) ||
  (b >= 0x61 && b <= 0x7a) ||
  (b >= 0x41 && b <= 0x5a) ||
  b === 0x2b ||
  b === 0x2d ||
  b === 0x2e

type Expect = 'value' | 'valueOrEnd' | 'keyOrEnd' | 'key' | 'colon' | 'after'
type Within = 'structure' | 'string' | 'escape' | 'scalar'

export type Step = 'more' | 'done' | 'bad'

/** Fed from the opening brace on. */
export class JsonScanner {
  /** True for an object, false for an array. */
  readonly #open: boolean[] = []
  #expect: Expect = 'value'
  #within: Within = 'structure'
  #isKey = false

  step(b: number): Step {
    switch (this.#within) {
      case 'escape':
        this.#within = 'string'
        return b < 0x20 ? 'bad' : 'more'
      case 'string':
        return this.#string(b)
      case 'scalar':
        if (isScalar(b)) return 'more'
        this.#within = 'structure'
        this.#expect = 'after'
        return this.#structure(b)
      case 'structure':
        return this.#structure(b)
    }
  }

  #string(b: number): Step {
    // A bare line end in a string is how a cut line shows.
    if (b < 0x20) return 'bad'
    if (b === backslash) this.#within = 'escape'
    else if (b === quote) {
      this.#within = 'structure'
      this.#expect = this.#isKey ? 'colon' : 'after'
    }
    return 'more'
  }

  #structure(b: number): Step {
    if (isSpace(b)) return 'more'
    switch (this.#expect) {
      case 'valueOrEnd':
        return b === closeArray ? this.#close(false) : this.#value(b)
      case 'value':
        return this.#value(b)
      case 'keyOrEnd':
        return b === closeObject ? this.#close(true) : this.#key(b)
      case 'key':
        return this.#key(b)
      case 'colon':
        this.#expect = 'value'
        return b === colon ? 'more' : 'bad'
      case 'after':
        return this.#after(b)
    }
  }

  #value(b: number): Step {
    if (b === quote) return this.#enterString(false)
    if (b === openObject || b === openArray) {
      if (this.#open.length >= depthLimit) return 'bad'
      this.#open.push(b === openObject)
      this.#expect = b === openObject ? 'keyOrEnd' : 'valueOrEnd'
      return 'more'
    }
    if (!isScalar(b)) return 'bad'
    this.#within = 'scalar'
    return 'more'
  }

  #key(b: number): Step {
    return b === quote ? this.#enterString(true) : 'bad'
  }
  #enterString(isKey: boolean): Step {
    this.#within = 'string'
    this.#isKey = isKey
    return 'more'
  }

  #after(b: number): Step {
    if (b === closeObject) return this.#close(true)
    if (b === closeArray) return this.#close(false)
    if (b !== comma) return 'bad'
    this.#expect = this.#open.at(-1) ? 'key' : 'value'
    return 'more'
  }

  #close(object: boolean): Step {
    if (this.#open.pop() !== object) return 'bad'
    this.#expect = 'after'
    return this.#open.length === 0 ? 'done' : 'more'
  }
}
