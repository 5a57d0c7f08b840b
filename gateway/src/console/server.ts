import { readFileSync } from 'node:fs'
import cookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Logger } from '../core/log.ts'
import type { Walks } from '../locating/walk/walks.ts'
import type { RosterPerson } from '../uplink/roster.ts'
import type { ActResult, Acts } from './acts.ts'
import type { Certificates } from './certificates.ts'
import { commissioning } from './commissioning.ts'
import { type Act, BankParams, Closed, Credentials, Reason } from './fields.ts'
import type { Sessions } from './sessions.ts'
import type { LocalState } from './state.ts'
import { walking } from './walking.ts'

export interface ConsoleDeps {
  host: string
  port: number
  log: Logger
  sessions: Sessions
  acts: Acts
  certificates: Certificates
  walks: Walks
  state(me: RosterPerson | null): LocalState
  /** Resolves with true when nothing waits, or with false after so long. */
  settled(timeoutMs: number): Promise<boolean>
  metrics(): Promise<string>
  storeFull(): boolean
}

const cookieName = 'lantai_console'
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const headers = {
  'content-security-policy': csp,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
const page = new URL('../../public/', import.meta.url)

const ThumbprintParams = Closed({ thumbprint: Type.String({ pattern: '^[0-9a-f]{40}$' }) })
const RoomParams = Closed({ room: Type.String({ pattern: '^R[0-9]{1,3}$' }) })
/** 已现场确认: a latch is reset by somebody who has looked (S8). */
const OnSite = Closed({ reason: Reason, confirmedOnSite: Type.Literal(true) })

/** The gateway's own page and its interface: loopback only, works with the server down. */
export async function startConsole(
  deps: ConsoleDeps,
): Promise<{ app: FastifyInstance; port: number }> {
  const app = Fastify({
    bodyLimit: 8192,
    logger: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    requestTimeout: 10_000,
    forceCloseConnections: true,
  })
  await app.register(cookie)
  guard(app, deps)
  files(app)
  reading(app, deps)
  session(app, deps)
  acting(app, deps)
  await app.listen({ host: deps.host, port: deps.port })
  const address = app.server.address()
  return { app, port: typeof address === 'object' && address ? address.port : deps.port }
}

const local = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/** Only this machine, under its own name (no page of another origin, no rebound DNS name), only as itself. */
function guard(app: FastifyInstance, deps: ConsoleDeps) {
  app.addHook('onRequest', async (req, reply) => {
    reply.headers(headers)
    const from = req.socket.remoteAddress ?? ''
    const near = from === '127.0.0.1' || from === '::1' || from === '::ffff:127.0.0.1'
    if (!near || !local.test(req.headers.host ?? '')) return problem(reply, 403, 'forbidden')
    const unsafe = req.method !== 'GET' && req.method !== 'HEAD'
    if (unsafe && req.headers.origin !== `http://${req.headers.host}`)
      return problem(reply, 403, 'foreign-origin')
  })
  app.setErrorHandler(
    (error: { validation?: unknown; statusCode?: number; message: string }, req, reply) => {
      if (error.validation) return problem(reply, 400, 'bad-request', error.message)
      const status = error.statusCode ?? 500
      if (status === 413) return problem(reply, 413, 'body-too-large')
      if (status < 500) return problem(reply, status, 'bad-request')
      deps.log.error({ err: error, url: req.url }, 'console')
      return problem(reply, 500, 'internal')
    },
  )
  app.setNotFoundHandler((_req, reply) => problem(reply, 404, 'not-found'))
}

function problem(reply: FastifyReply, status: number, code: string, detail?: string) {
  const body = { type: 'about:blank', title: code, status, code, ...(detail ? { detail } : {}) }
  return reply.code(status).type('application/problem+json').send(body)
}

const scripts = [
  'alarm-sound.js',
  'app.js',
  'ask.js',
  'certificates.js',
  'commissioning.js',
  'lists.js',
  'page.js',
  'sound.js',
  'walk.js',
  'walk-result.js',
  'words.js',
] as const

function files(app: FastifyInstance) {
  app.get('/favicon.ico', (_req, reply) => reply.code(204).send())
  for (const [url, name, type] of [
    ['/', 'index.html', 'text/html; charset=utf-8'],
    ['/app.css', 'app.css', 'text/css; charset=utf-8'],
    ...scripts.map((s) => [`/${s}`, s, 'text/javascript; charset=utf-8'] as const),
  ] as const) {
    const body = readFileSync(new URL(name, page), 'utf8')
    app.get(url, (_req, reply) => reply.type(type).send(body))
  }
}

const meOf = (req: FastifyRequest, deps: ConsoleDeps) =>
  deps.sessions.personOf(req.cookies[cookieName])

function reading(app: FastifyInstance, deps: ConsoleDeps) {
  app.get('/local/state', (req) => deps.state(meOf(req, deps)))
  // What stands where is for people of the store: unlike the state of devices, it asks for a sign-in.
  app.get('/local/walks/result', (req, reply) => {
    if (!meOf(req, deps)) return problem(reply, 401, 'not-signed-in')
    return deps.walks.result ?? problem(reply, 404, 'not-found')
  })
  app.get('/healthz', (_req, reply) =>
    deps.storeFull() ? problem(reply, 503, 'unavailable', 'store is nearly full') : { ok: true },
  )
  app.get('/metrics', async (_req, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()),
  )
  app.get(
    '/local/settled',
    {
      schema: {
        querystring: Closed({ timeoutMs: Type.Optional(Type.String({ pattern: '^[0-9]{1,6}$' })) }),
      },
    },
    async (req) => {
      const { timeoutMs } = req.query as { timeoutMs?: string }
      return { settled: await deps.settled(Math.min(120_000, Number(timeoutMs ?? 5000))) }
    },
  )
}

function session(app: FastifyInstance, deps: ConsoleDeps) {
  app.post('/local/session', { schema: { body: Credentials } }, async (req, reply) => {
    const { account, password } = req.body as { account: string; password: string }
    const result = await deps.sessions.signIn(account, password)
    if (!result.ok) return refused(reply, result)
    deps.acts.signedIn(result.person)
    reply.setCookie(cookieName, result.token, { httpOnly: true, sameSite: 'strict', path: '/' })
    return { name: result.person.name, roles: result.person.roles }
  })
  app.delete('/local/session', async (req, reply) => {
    deps.sessions.signOut(req.cookies[cookieName])
    reply.clearCookie(cookieName, { path: '/' })
    return {}
  })
}

function refused(reply: FastifyReply, r: { code: string; retryAfterMs?: number }) {
  if (r.retryAfterMs) reply.header('retry-after', String(Math.ceil(r.retryAfterMs / 1000)))
  return problem(reply, r.code === 'sign-in-failed' ? 401 : 429, r.code)
}

/** Every act needs a signed-in person: a route that is not made by this has none. */
function acting(app: FastifyInstance, deps: ConsoleDeps) {
  const act: Act = (path, schema, run, bodyLimit) =>
    app.post(path, { schema, ...(bodyLimit ? { bodyLimit } : {}) }, async (req, reply) => {
      const me = meOf(req, deps)
      if (!me) return problem(reply, 401, 'not-signed-in')
      const result = await run(req, me)
      return result.ok
        ? { ok: true }
        : problem(reply, 409, result.code ?? 'interlock', result.reason)
    })
  const bankOf = (req: FastifyRequest) => (req.params as { bank: string }).bank
  const reasonOf = (req: FastifyRequest) => (req.body as { reason: string }).reason
  const { acts } = deps
  act('/local/banks/:bank/stop', { params: BankParams }, (req, me) =>
    acts.request('stop', bankOf(req), me, null, null),
  )
  const withReason = { params: BankParams, body: Closed({ reason: Reason }) }
  act('/local/banks/:bank/forbid', withReason, (req, me) =>
    acts.request('forbid', bankOf(req), me, reasonOf(req), null),
  )
  act('/local/banks/:bank/release', withReason, (req, me) =>
    acts.request('release', bankOf(req), me, reasonOf(req), null),
  )
  const withSecond = { params: BankParams, body: Closed({ reason: Reason, second: Credentials }) }
  act('/local/banks/:bank/clear-forbid', withSecond, async (req, me) => {
    const { second } = req.body as { second: { account: string; password: string } }
    const other = await deps.sessions.check(second.account, second.password)
    if (!other.ok) return { ok: false, reason: `second person: ${other.code}` }
    return acts.request('clearForbid', bankOf(req), me, reasonOf(req), other.person)
  })
  act('/local/banks/:bank/reset-crush', { params: BankParams, body: OnSite }, (req, me) =>
    mayReset(me) ? acts.resetCrush(bankOf(req), me, reasonOf(req)) : roleRefused,
  )
  act('/local/rooms/:room/reset-fire', { params: RoomParams, body: OnSite }, (req, me) =>
    mayReset(me)
      ? acts.resetFire((req.params as { room: string }).room, me, reasonOf(req))
      : roleRefused,
  )
  const body = Closed({ reason: Reason })
  act('/local/certificates/:thumbprint/approve', { params: ThumbprintParams, body }, (req, me) => {
    const { thumbprint } = req.params as { thumbprint: string }
    return deps.certificates.approve(thumbprint, me, reasonOf(req))
  })
  commissioning(act, deps.acts, deps.sessions)
  walking(act, deps.walks)
}

const roleRefused: ActResult = { ok: false, reason: 'role may not reset a latch' }
const mayReset = (p: RosterPerson) =>
  p.roles.includes('archivist') || p.roles.includes('facilities')
