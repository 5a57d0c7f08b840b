import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import { isStorableText } from '@lantai/contracts'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Context } from '../context.ts'
import { cookieName, type Identify, type Identity } from './access.ts'
import { DomainError } from './domain-error.ts'
import { denyByDefault } from './mount.ts'
import { problemOf, toProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | null
  }
}

/** Fastify with every limit, header and refusal of the edge, and no route yet. */
export async function createHttp(ctx: Context, identify: Identify): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: ctx.log.child({ subsystem: 'http' }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: 'loopback',
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    routerOptions: { maxParamLength: 200, caseSensitive: true, ignoreTrailingSlash: false },
    return503OnClosing: true,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  })
  denyByDefault(app)
  app.decorateRequest('identity', null)
  onlyJson(app)
  answers(app)
  await app.register(cookie)
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders)
    checkOrigin(ctx, request.method, request.headers.origin)
    const token = request.cookies[cookieName]
    if (token) request.identity = await identify(token)
  })
  await app.register(rateLimit, {
    global: true,
    hook: 'preHandler',
    max: 1200,
    timeWindow: 60_000,
    // Per person where there is one, so that a shared address at the front does not punish a whole room.
    keyGenerator: (r) => (r.identity?.ok ? `person:${r.identity.person.id}` : `address:${r.ip}`),
    errorResponseBuilder: (_, limit) =>
      new DomainError('rate-limited', undefined, {
        retryAfterSeconds: Math.ceil(limit.ttl / 1000),
      }),
  })
  measure(app, ctx)
  return app
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}

/** Unsafe methods need an Origin of ours: a foreign page may not act with somebody's cookie. */
function checkOrigin(ctx: Context, method: string, origin: string | undefined) {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return
  if (!origin || !isOurOrigin(ctx, origin)) throw new DomainError('foreign-origin')
}
export const isOurOrigin = (ctx: Pick<Context, 'config'>, origin: string): boolean =>
  ctx.config.PUBLIC_ORIGIN.split(',').includes(origin)

function onlyJson(app: FastifyInstance) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) => {
    try {
      done(null, text === '' ? undefined : parseJson(text.toString()))
    } catch (error) {
      const unstorable = error instanceof UnstorableText
      const why = unstorable ? 'a text holds U+0000 or half of a character' : 'the body is not JSON'
      done(new DomainError('bad-request', why))
    }
  })
}

// `__proto__` in a body is dropped: nothing of ours has such a field.
const parseJson = (text: string): unknown =>
  JSON.parse(text, (key, value) => {
    if (typeof value === 'string' && !isStorableText(value)) throw new UnstorableText()
    return key === '__proto__' ? undefined : value
  })

class UnstorableText extends Error {}

function answers(app: FastifyInstance) {
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) request.log.error({ err: error, route: routeOf(request) }, 'failed')
    if (problem.retryAfterSeconds !== undefined)
      void reply.header('retry-after', problem.retryAfterSeconds)
    return reply
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem))
  })
  app.setNotFoundHandler((_, reply) =>
    reply
      .status(404)
      .type('application/problem+json')
      .send(JSON.stringify(problemOf('not-found'))),
  )
}

const routeOf = (request: { routeOptions: { url?: string | undefined } }) =>
  request.routeOptions.url ?? 'none'

function measure(app: FastifyInstance, ctx: Context) {
  app.addHook('onResponse', async (request, reply) => {
    ctx.metrics.requests.observe(
      { route: routeOf(request), status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
    request.log.debug({ route: routeOf(request), status: reply.statusCode }, 'answered')
  })
}
