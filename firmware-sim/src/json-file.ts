import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A small JSON file, replaced as a whole so that a crash leaves the old or the new one. */
export class JsonFile<T> {
  readonly #path: string
  constructor(path: string) {
    this.#path = path
  }
  /** Null when there is none. One that cannot be read is put aside as `.bad`, and there is none. */
  read(accept: (value: unknown) => value is T): T | null {
    if (!existsSync(this.#path)) return null
    const value = parse(readFileSync(this.#path, 'utf8'))
    if (accept(value)) return value
    renameSync(this.#path, `${this.#path}.bad`)
    return null
  }
  write(value: T): void {
    mkdirSync(dirname(this.#path), { recursive: true })
    const fresh = `${this.#path}.new`
    writeFileSync(fresh, JSON.stringify(value))
    renameSync(fresh, this.#path)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
