import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route } from '@lantai/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../log.ts'
import { admit, cookieName, type Identify, knownCookieName, knownCookieSeconds } from './access.ts'
import { check, coerce, compile } from './schema.ts'
import type { SignedIn } from './signed-in.ts'

export interface Call<R extends Route> {
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  /** The signed-in person. Reading it on a route that anyone may call is a programming error and throws. */
  readonly person: SignedIn
  /** Whose cookie came along, also on a route that anyone may call. */
  before: SignedIn | null
  address: string
  /** Names the last session of this browser, open or over; a claim like any other. */
  known: string | undefined
  log: Logger
  cookie: { set(token: string, known: string): void; clear(): void }
  /** Sets headers of the answer, above all the media type of a body that is text. */
  headers(values: Record<string, string>): void
}
export type Handler<R extends Route> = (call: Call<R>) => Promise<ResponseOf<R>>
export type Mount = <R extends Route>(route: R, handler: Handler<R>) => void

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract's route that this URL comes from; a URL without one cannot be registered. */
    route?: Route
  }
}

/** Default deny: every URL of the app must come from a `route()` value with its access rule. */
export function denyByDefault(app: FastifyInstance) {
  app.addHook('onRoute', (r) => {
    const rule = r.config?.route?.access.who
    if (!rule)
      throw new Error(`${String(r.method)} ${r.url} has no access rule: use mount(route, …)`)
  })
}

export function mounter(
  app: FastifyInstance,
  identify: Identify,
): { mount: Mount; routes: Route[] } {
  const routes: Route[] = []
  const mount: Mount = (route, handler) => {
    routes.push(route)
    const read = reader(route)
    const response = compile(route.response)
    const isText = (route.response as { type?: string }).type === 'string'
    app.route({
      method: route.method,
      url: route.path,
      config: {
        route,
        ...(route.path === '/api/session' && route.method === 'POST' ? signInLimit : {}),
      },
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const person = await admit(route, request, identify)
        const call = { ...read(request), ...edges(request, reply) }
        Object.defineProperty(call, 'person', { get: () => person ?? noPerson(route) })
        const answer = await handler(call as Call<typeof route>)
        // A body that does not fit the contract is our fault, and must not leak a field that nobody meant.
        if (!response.Check(answer)) throw new ResponseUnfit(route, response.Errors(answer))
        if (!isText) void reply.type('application/json; charset=utf-8')
        return reply.send(isText ? answer : JSON.stringify(answer))
      },
    })
  }
  return { mount, routes }
}

const signInLimit = { rateLimit: { max: 60, timeWindow: 60_000 } }

class ResponseUnfit extends Error {
  constructor(route: Route, errors: readonly { instancePath: string; message: string }[]) {
    const what = errors.slice(0, 5).map((e) => `${e.instancePath} ${e.message}`)
    super(`${route.method} ${route.path}: the answer does not fit its schema: ${what.join('; ')}`)
  }
}

function noPerson(route: Route): never {
  throw new Error(`${route.method} ${route.path} may be called by anyone: there is no person`)
}

type Raw = Record<string, unknown>

function reader(route: Route) {
  const params = route.params && compile(route.params)
  const query = route.query && compile(route.query)
  const body = route.body && compile(route.body)
  return (request: FastifyRequest) => ({
    params: params && check(params, coerce(params.Type(), request.params as Raw), 'path'),
    query: query && check(query, coerce(query.Type(), request.query as Raw), 'query'),
    body: body && check(body, request.body, 'body'),
  })
}

function edges(request: FastifyRequest, reply: FastifyReply) {
  const options = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const
  return {
    before: request.identity?.ok ? request.identity.person : null,
    address: request.ip,
    known: request.cookies[knownCookieName],
    log: request.log as Logger,
    headers: (values: Record<string, string>) => void reply.headers(values),
    cookie: {
      set: (token: string, known: string) =>
        void reply
          .setCookie(cookieName, token, options)
          .setCookie(knownCookieName, known, { ...options, maxAge: knownCookieSeconds }),
      clear: () => void reply.clearCookie(cookieName, options),
    },
  }
}
