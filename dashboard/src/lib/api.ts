/** Calls a route of the contract: the path, the method and every type come from one value. */
import type {
  BodyOf,
  ParamsOf,
  Problem,
  ProblemCode,
  QueryOf,
  ResponseOf,
  Route,
} from '@lantai/contracts'

/** The server's codes, and what only the page can know: no answer at all, or none that can be read. */
export type ApiCode = ProblemCode | 'offline' | 'timeout' | 'unreadable'

export class ApiProblem extends Error {
  readonly code: ApiCode
  readonly status: number
  readonly detail: string | undefined
  readonly errors: Problem['errors']
  readonly retryAfterSeconds: number | undefined

  constructor(code: ApiCode, status: number, problem?: Partial<Problem>, cause?: unknown) {
    super(problem?.title ?? code, { cause })
    this.name = 'ApiProblem'
    this.code = code
    this.status = status
    this.detail = problem?.detail
    this.errors = problem?.errors
    this.retryAfterSeconds = problem?.retryAfterSeconds
  }
}

/** True when the answer is unknown: the request may or may not have taken effect (rule D16). */
export const isUnknownOutcome = (e: unknown): boolean =>
  e instanceof ApiProblem && ['offline', 'timeout', 'unreadable'].includes(e.code)

type Part<K extends string, V> = [NonNullable<V>] extends [never]
  ? unknown
  : Record<never, never> extends NonNullable<V>
    ? { readonly [k in K]?: NonNullable<V> }
    : { readonly [k in K]: NonNullable<V> }
export type CallArgs<T extends Route> = Part<'params', ParamsOf<T>> &
  Part<'query', QueryOf<T>> &
  Part<'body', BodyOf<T>>

interface LooseArgs {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** `/api/boxes/:box` with `{box: 'LT…'}` and a query, percent-encoded. */
export function urlOf(path: string, args: LooseArgs): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = args.params?.[name]
    if (value === undefined) throw new TypeError(`no value for :${name} of ${path}`)
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const [k, v] of Object.entries(args.query ?? {}))
    if (v !== undefined) query.set(k, String(v))
  const tail = query.toString()
  return tail ? `${filled}?${tail}` : filled
}

const timeoutMs = 15_000

async function send(route: Route, args: LooseArgs, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutMs)
  const init: RequestInit = {
    method: route.method,
    credentials: 'same-origin',
    signal: signal ? anySignal(signal, limit) : limit,
    headers: { accept: 'application/json' },
  }
  if (args.body !== undefined) {
    init.body = JSON.stringify(args.body)
    init.headers = { ...init.headers, 'content-type': 'application/json' }
  }
  try {
    return await fetch(urlOf(route.path, args), init)
  } catch (e) {
    if (signal?.aborted) throw e
    throw new ApiProblem(limit.aborted ? 'timeout' : 'offline', 0, undefined, e)
  }
}

/** `AbortSignal.any` came with Chromium 116; we promise 110. */
function anySignal(...signals: AbortSignal[]): AbortSignal {
  const both = new AbortController()
  for (const s of signals) {
    if (s.aborted) both.abort(s.reason)
    s.addEventListener('abort', () => both.abort(s.reason), { once: true })
  }
  return both.signal
}

async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const body = (await response.json()) as Partial<Problem>
    if (typeof body.code === 'string') return new ApiProblem(body.code, response.status, body)
  } catch (e) {
    return new ApiProblem(unreadable(response.status), response.status, undefined, e)
  }
  return new ApiProblem(unreadable(response.status), response.status)
}
/** A proxy in between answers without our code: 502–504 mean that the server is not there. */
const unreadable = (status: number): ApiCode =>
  status >= 502 && status <= 504 ? 'unavailable' : 'unreadable'

/** Told about every refusal for want of a session, so that the shell can ask to sign in again. */
export const sessionLost = { tell: (_code: 'not-signed-in' | 'session-expired') => {} }

/**
 * Calls `route`. Throws {@link ApiProblem} with a stable code for every answer but 2xx; a timeout is an unknown
 * result, not a failure (rule D16).
 */
export async function call<T extends Route>(
  route: T,
  args: CallArgs<T>,
  signal?: AbortSignal,
): Promise<ResponseOf<T>> {
  const response = await send(route, args as LooseArgs, signal)
  if (!response.ok) {
    const problem = await problemOf(response)
    if (problem.code === 'not-signed-in' || problem.code === 'session-expired')
      sessionLost.tell(problem.code)
    throw problem
  }
  try {
    return (await response.json()) as ResponseOf<T>
  } catch (e) {
    throw new ApiProblem('unreadable', response.status, undefined, e)
  }
}
