/** Reads one JSON object field by field and collects everything that is wrong with it. */
export class BadBody extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.problems = problems
  }
}

export class Body {
  readonly #fields: Record<string, unknown>
  readonly #read = new Set<string>()
  readonly #problems: string[] = []

  constructor(json: unknown) {
    const object = typeof json === 'object' && json !== null && !Array.isArray(json)
    if (!object) throw new BadBody(['the body must be a JSON object'])
    this.#fields = json as Record<string, unknown>
  }

  /** A word of a list. */
  word<const W extends readonly string[]>(name: string, words: W): W[number] {
    const value = this.#take(name)
    if (typeof value === 'string' && words.includes(value)) return value
    this.#problems.push(`${name} must be one of ${words.join(', ')}`)
    return words[0] as W[number]
  }
  /** Text of at most 100 characters that fits the pattern, or null when it is not there. */
  text(name: string, pattern = /^[\w-]{1,100}$/): string | null {
    const value = this.#take(name)
    if (value === undefined) return null
    if (typeof value === 'string' && value.length <= 100 && pattern.test(value)) return value
    this.#problems.push(`${name} must match ${pattern.source}`)
    return null
  }
  needText(name: string, pattern?: RegExp): string {
    if (this.#fields[name] === undefined) this.#problems.push(`${name} is missing`)
    return this.text(name, pattern) ?? ''
  }
  number(name: string, low: number, high: number): number | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && value >= low && value <= high) return value
    this.#problems.push(`${name} must be a number from ${low} to ${high}`)
    return undefined
  }
  whole(name: string, low: number, high: number): number | undefined {
    const value = this.number(name, low, high)
    if (value === undefined || Number.isInteger(value)) return value
    this.#problems.push(`${name} must be whole`)
    return undefined
  }
  flag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (value === undefined || typeof value === 'boolean') return value
    this.#problems.push(`${name} must be true or false`)
    return undefined
  }

  /** Texts that fit the pattern, at most 100 of them; none when the field is not there. */
  texts(name: string, pattern: RegExp): string[] {
    const value = this.#take(name)
    if (value === undefined) return []
    const fits = (v: unknown): v is string => typeof v === 'string' && pattern.test(v)
    if (Array.isArray(value) && value.length <= 100 && value.every(fits)) return value
    this.#problems.push(`${name} must be a list of texts that match ${pattern.source}`)
    return []
  }

  /** Call after the last field: throws when anything was wrong or is not known. */
  done(): void {
    for (const name of Object.keys(this.#fields))
      if (!this.#read.has(name)) this.#problems.push(`${name} is not known here`)
    if (this.#problems.length > 0) throw new BadBody(this.#problems)
  }

  #take(name: string): unknown {
    this.#read.add(name)
    return this.#fields[name]
  }
}
