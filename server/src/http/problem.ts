import type { Problem, ProblemCode } from '@lantai/contracts'
import { DomainError } from './domain-error.ts'

const status: Record<ProblemCode, number> = {
  'bad-request': 400,
  'bad-code': 400,
  'body-too-large': 413,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'rate-limited': 429,
  'sign-in-failed': 401,
  'sign-in-locked': 423,
  'not-signed-in': 401,
  'session-expired': 401,
  forbidden: 403,
  'foreign-origin': 403,
  'above-clearance': 403,
  'second-person-needed': 409,
  'box-unknown': 404,
  'card-unknown': 404,
  'card-expired': 409,
  'already-lent': 409,
  'not-lent': 409,
  'not-in-place': 409,
  quarantined: 409,
  'due-date-invalid': 422,
  'slot-occupied': 409,
  'place-unknown': 404,
  'shelf-full': 409,
  interlock: 409,
  inhibited: 409,
  'forbidden-by-latch': 409,
  'bank-unknown': 404,
  'aisle-unknown': 404,
  'state-changed': 409,
  'gateway-offline': 503,
  'command-expired': 409,
  'unsupported-verb': 422,
  'contacts-unacknowledged': 409,
  'device-unknown': 404,
  'already-acknowledged': 409,
  'alarm-closed': 409,
  'ledger-closed': 503,
  'edge-schema': 422,
  'edge-fork': 409,
  'edge-fenced': 409,
  'edge-held': 409,
  'edge-gap': 409,
  'signature-invalid': 422,
  unavailable: 503,
  internal: 500,
}

const title = (code: ProblemCode) => code.replaceAll('-', ' ')

export interface FieldError {
  path: string
  message: string
}

/** A request that does not fit its schema, with where and why. */
export class InvalidInput extends Error {
  readonly errors: FieldError[]
  constructor(errors: FieldError[]) {
    super('the request does not fit its schema')
    this.errors = errors
  }
}

export const problemOf = (
  code: ProblemCode,
  more: Partial<Pick<Problem, 'detail' | 'errors' | 'retryAfterSeconds'>> = {},
): Problem => ({
  type: `urn:lantai:problem:${code}`,
  title: title(code),
  status: status[code],
  code,
  ...more,
})

/** The one mapper of the HTTP edge. What nobody expected is `internal`, without a word of what it was. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError)
    return problemOf(error.code, {
      ...(error.detail !== undefined && status[error.code] !== 500 ? { detail: error.detail } : {}),
      ...(error.retryAfterSeconds === undefined
        ? {}
        : { retryAfterSeconds: error.retryAfterSeconds }),
    })
  if (error instanceof InvalidInput)
    return problemOf('bad-request', { errors: error.errors.slice(0, 50) })
  return problemOf(codeOfFramework(error))
}

// Fastify's own refusals and node-postgres failures carry a code; everything else is ours to mend.
function codeOfFramework(error: unknown): ProblemCode {
  const e = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  if (e.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'body-too-large'
  if (e.statusCode === 429) return 'rate-limited'
  if (typeof e.statusCode === 'number' && e.statusCode >= 400 && e.statusCode < 500)
    return 'bad-request'
  if (typeof e.code === 'string' && unavailable.test(e.code)) return 'unavailable'
  return error instanceof Error && lostDatabase.test(error.message) ? 'unavailable' : 'internal'
}
// node-postgres says these in words only.
const lostDatabase = /^(Connection terminated|timeout exceeded when trying to connect)/
const unavailable = /^(ECONN|ETIMEDOUT|EPIPE|08|57P0|53)/
