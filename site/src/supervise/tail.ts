const kept = 30

/** The last lines that a process printed. */
export class Tail {
  #lines: string[] = []
  #rest = ''

  push(chunk: Uint8Array | string) {
    const text = this.#rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const lines = text.split('\n')
    this.#rest = (lines.pop() ?? '').slice(-4000)
    this.#lines = [...this.#lines, ...lines].slice(-kept)
  }
  get text(): string {
    return [...this.#lines, this.#rest].filter(Boolean).join('\n')
  }
}
