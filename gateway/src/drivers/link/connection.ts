import type { Clock, Millis } from '@lantai/contracts'

/** One open link, from `opened` to its end. Everything that waits on it is woken when it ends. */
export class Connection {
  readonly #clock: Clock
  readonly #write: (bytes: Uint8Array) => void
  readonly #onEnd = new Set<() => void>()
  #listener: ((chunk: Uint8Array) => void) | null = null
  #early: Uint8Array[] = []
  #end: string | null = null

  constructor(clock: Clock, write: (bytes: Uint8Array) => void) {
    this.#clock = clock
    this.#write = write
  }

  get alive() {
    return this.#end === null
  }
  /** Why it ended; null while it is alive. */
  get endReason() {
    return this.#end
  }

  listen(listener: (chunk: Uint8Array) => void) {
    this.#listener = listener
    for (const chunk of this.#early.splice(0)) this.receive(chunk)
  }
  receive(chunk: Uint8Array) {
    if (!this.alive) return
    if (this.#listener) this.#listener(chunk)
    else this.#early.push(chunk)
  }
  write(bytes: Uint8Array) {
    if (this.alive) this.#write(bytes)
  }

  /** Ends the connection; only the first reason counts. */
  end(reason: string) {
    if (!this.alive) return
    this.#end = reason
    for (const wake of [...this.#onEnd]) wake()
    this.#onEnd.clear()
  }

  /** Runs `job` when the connection ends, at once if it has; returns how to take it back. */
  onEnd(job: () => void): () => void {
    if (!this.alive) {
      job()
      return () => undefined
    }
    this.#onEnd.add(job)
    return () => void this.#onEnd.delete(job)
  }

  ended(): Promise<void> {
    return new Promise((resolve) => void this.onEnd(resolve))
  }

  /** Waits, or less when the connection ends. */
  pause(delay: Millis): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(delay, () => {
        forget()
        resolve()
      })
      const forget = this.onEnd(() => {
        timer.cancel()
        resolve()
      })
    })
  }
}
