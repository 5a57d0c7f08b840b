import type { CatalogueKind, CatalogueLine } from '@lantai/contracts'
import { catalogueKinds } from '@lantai/contracts'
import { Compile } from 'typebox/compile'
import { Faults, ImportRefused } from './faults.ts'
import { Feed } from './feed.ts'

type Lines = { [K in CatalogueKind]: CatalogueLine<K>[] }

/** Everything that an import holds, checked line by line; `at` gives the line number of each object. */
export interface Catalogue {
  readonly lines: Lines
  readonly at: ReadonlyMap<object, number>
}

const order = Object.keys(catalogueKinds) as CatalogueKind[]
const rank = new Map<string, number>(order.map((kind, i) => [kind, i]))
const validators = Object.fromEntries(
  order.map((kind) => [kind, Compile(catalogueKinds[kind])]),
) as Record<CatalogueKind, ReturnType<typeof Compile>>

const longestLine = 1_000_000

/**
 * Reads the lines of an import one after the other. A bad line is noted and left out; `done` refuses then. The two
 * long kinds are handed on while the rest is still being read; `end` must follow the last line.
 */
export class CatalogueParser {
  readonly faults = new Faults()
  readonly subjects = new Feed<CatalogueLine<'subject'>>()
  readonly files = new Feed<CatalogueLine<'file'>>()
  readonly #lines = Object.fromEntries(order.map((kind) => [kind, []])) as unknown as Lines
  readonly #at = new Map<object, number>()
  #number = 0
  #kind = 0

  line(text: string): void {
    this.#number++
    if (text.trim() === '') return
    const reason = this.#take(text)
    if (reason) this.faults.add(this.#number, reason)
  }

  end(): void {
    this.subjects.end()
    this.files.end()
  }

  /** Everything that was read. Throws `ImportRefused` when a line was wrong. */
  done(): Catalogue {
    if (this.#lines.layout.length !== 1)
      this.faults.add(0, `exactly one layout is needed, ${this.#lines.layout.length} found`)
    if (this.faults.count > 0) throw new ImportRefused(this.faults)
    return { lines: this.#lines, at: this.#at }
  }

  #handOn(line: CatalogueLine) {
    if (line.kind === 'subject') this.subjects.push(line)
    if (line.kind === 'file') this.files.push(line)
  }

  #take(text: string): string | null {
    if (text.length > longestLine) return 'longer than a million characters'
    const value = parseJson(text)
    if (value === undefined) return 'not JSON'
    const kind = (value as { kind?: unknown } | null)?.kind
    const at = typeof kind === 'string' ? rank.get(kind) : undefined
    if (at === undefined) return `unknown kind; one of ${order.join(', ')} is expected`
    if (at < this.#kind)
      return `${kind} after ${order[this.#kind]}: the order is ${order.join(', ')}`
    this.#kind = at
    if (at > subjectRank) this.subjects.end()
    const validator = validators[kind as CatalogueKind]
    if (!validator.Check(value)) return firstError(validator, value)
    if (hasUnstorable(text)) return 'holds a NUL or half a surrogate pair'
    ;(this.#lines[kind as CatalogueKind] as unknown[]).push(value)
    this.#at.set(value as object, this.#number)
    this.#handOn(value as CatalogueLine)
    return null
  }
}

const subjectRank = order.indexOf('subject')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstError(validator: ReturnType<typeof Compile>, value: unknown): string {
  const [error] = validator.Errors(value)
  return error ? `${error.instancePath || 'line'} ${error.message}` : 'does not fit its schema'
}

/** PostgreSQL stores neither; JSON can spell both. Spelled out is rare, so that the usual line costs one search. */
function hasUnstorable(text: string): boolean {
  if (!text.includes('\\u')) return !text.isWellFormed()
  const strings = text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return strings.includes('\0') || !strings.isWellFormed()
}
