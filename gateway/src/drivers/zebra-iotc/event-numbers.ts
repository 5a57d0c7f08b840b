/** The running number of a Zebra reader's events: what is missing, what came twice, what began again. Pure. */

const remembered = 256

export type Numbered =
  | { kind: 'next' }
  /** So many numbers were passed over. */
  | { kind: 'missing'; count: number }
  /** It was missing before, and came late. */
  | { kind: 'late' }
  /** The broker delivered it twice. */
  | { kind: 'again' }
  /** The count goes back: the reader began anew. */
  | { kind: 'restarted' }

interface Span {
  from: number
  to: number
}

export class EventNumbers {
  #last: number | null = null
  readonly #seen = new Map<number, string>()
  #missing: Span[] = []

  /** `mark` tells two events of the same number apart. */
  take(n: number, mark: string): Numbered {
    const last = this.#last
    if (this.#seen.get(n) === mark) return { kind: 'again' }
    if (last !== null && n <= last && !this.#isMissing(n)) return this.#begin(n, mark)
    this.#remember(n, mark)
    if (last === null) return { kind: 'next' }
    if (n <= last) {
      this.#found(n)
      return { kind: 'late' }
    }
    if (n === last + 1) return { kind: 'next' }
    this.#missing.push({ from: last + 1, to: n - 1 })
    if (this.#missing.length > remembered) this.#missing.shift()
    return { kind: 'missing', count: n - last - 1 }
  }

  #begin(n: number, mark: string): Numbered {
    this.#seen.clear()
    this.#missing = []
    this.#last = null
    this.#remember(n, mark)
    return { kind: 'restarted' }
  }

  #remember(n: number, mark: string) {
    this.#last = Math.max(n, this.#last ?? n)
    this.#seen.set(n, mark)
    if (this.#seen.size <= remembered) return
    const [oldest] = this.#seen.keys()
    if (oldest !== undefined) this.#seen.delete(oldest)
  }

  #isMissing(n: number): boolean {
    return this.#missing.some((s) => n >= s.from && n <= s.to)
  }
  #found(n: number) {
    this.#missing = this.#missing.flatMap((s) => {
      if (n < s.from || n > s.to) return [s]
      return [
        { from: s.from, to: n - 1 },
        { from: n + 1, to: s.to },
      ].filter((rest) => rest.from <= rest.to)
    })
  }
}
