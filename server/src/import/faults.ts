/** What is wrong with an import, by line, up to a number that a person can read. */
export interface Fault {
  line: number
  reason: string
}

export class Faults {
  static readonly limit = 50
  readonly list: Fault[] = []
  #count = 0

  add(line: number, reason: string) {
    this.#count++
    if (this.list.length < Faults.limit) this.list.push({ line, reason })
  }
  get count() {
    return this.#count
  }
}

/** Nothing was written: the lines that are wrong, and how many there are in all. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
  readonly faults: readonly Fault[]
  readonly count: number
  constructor(faults: Faults) {
    super(`${faults.count} lines are wrong; nothing was imported`)
    this.faults = faults.list
    this.count = faults.count
  }
}

/** The site has records already: an import fills an empty site only. */
export class SiteNotEmpty extends Error {
  override readonly name = 'SiteNotEmpty'
}
