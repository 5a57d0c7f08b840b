import type { ProblemCode } from '@lantai/contracts'

/** An exceptional outcome with a code from the closed list; expected ones are discriminated unions. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: ProblemCode
  /** For the reader; never a stack, SQL, or somebody else's data. */
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ProblemCode,
    detail?: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(detail ? `${code}: ${detail}` : code, { cause: options.cause })
    this.code = code
    this.detail = detail
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
