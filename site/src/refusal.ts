/** A start that is refused on purpose: one sentence for the person at the terminal, and nothing was damaged. */
export class Refusal extends Error {
  readonly zh: string
  constructor(zh: string, en: string, options?: ErrorOptions) {
    super(en, options)
    this.name = 'Refusal'
    this.zh = zh
  }
  /** Both languages on one line, as the terminal shows it. */
  get sentence(): string {
    return `${this.zh} · ${this.message}`
  }
}

/** The `code` of a Node system error such as `ENOSPC`, else undefined. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
