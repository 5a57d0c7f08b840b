import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export interface LogLimits {
  /** Size at which the file is turned over. */
  readonly bytes: number
  /** Older files that are kept, as `name.log.1` … */
  readonly keep: number
}
export const defaultLogLimits: LogLimits = { bytes: 10 * 1024 * 1024, keep: 3 }

/** One process's log, turned over by size. Synchronous: a line that was said is in the file when we crash. */
export class LogFile {
  readonly #path: string
  readonly #limits: LogLimits
  #fd: number
  #bytes: number

  constructor(path: string, limits: LogLimits = defaultLogLimits) {
    mkdirSync(dirname(path), { recursive: true })
    this.#path = path
    this.#limits = limits
    this.#fd = openSync(path, 'a', 0o600)
    this.#bytes = fstatSync(this.#fd).size
  }

  write(chunk: Uint8Array | string) {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (this.#bytes > 0 && this.#bytes + data.length > this.#limits.bytes) this.#turnOver()
    writeSync(this.#fd, data)
    this.#bytes += data.length
  }

  close() {
    closeSync(this.#fd)
  }

  #turnOver() {
    closeSync(this.#fd)
    const { keep } = this.#limits
    rmSync(`${this.#path}.${keep}`, { force: true })
    for (let n = keep - 1; n >= 1; n--) moveIfThere(`${this.#path}.${n}`, `${this.#path}.${n + 1}`)
    if (keep > 0) renameSync(this.#path, `${this.#path}.1`)
    else rmSync(this.#path)
    this.#fd = openSync(this.#path, 'a', 0o600)
    this.#bytes = 0
  }
}

function moveIfThere(from: string, to: string) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
