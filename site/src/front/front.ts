/** What browsers talk to: the built page, and a reverse proxy to the server (ADR 0006). */
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import httpProxy from '@fastify/http-proxy'
import staticFiles from '@fastify/static'
import type { Problem } from '@lantai/contracts'
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify'
import { systemCode } from '../refusal.ts'
import { pageNotBuilt, serverAway } from './away.ts'
import { makeNonce, pagePolicy, securityHeaders } from './headers.ts'

export interface FrontOptions {
  readonly serverUrl: string
  readonly dashboardDir: string
  /** A TLS proxy stands before us: the page is https to the browser. */
  readonly behindTls: boolean
  /** Names that this machine is called by; a request for any other is not answered. */
  readonly hosts: readonly string[]
  readonly log: FastifyBaseLogger
}

/** What reaches the server; `/metrics` is not among it. */
const forwarded = ['/api', '/socket.io', '/healthz', '/readyz'] as const
const bodyLimit = 20 * 1024 * 1024
const answerWithinMs = 30_000

type Headers = Record<string, string | string[] | undefined>
type Asked = Pick<FastifyRequest, 'ip'> & {
  headers: Headers & {
    origin?: string | undefined
    cookie?: string | undefined
    host?: string | undefined
  }
}

/** Says where a request came from. What the client claims about that is dropped: only we speak to the server. */
const forwardedHeaders = (request: Asked, headers: Headers, behindTls: boolean): Headers => {
  // We have answered `expect` ourselves by the time we forward.
  const { forwarded: _claimed, 'x-real-ip': _alsoClaimed, expect: _answered, ...kept } = headers
  return {
    ...kept,
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': behindTls ? 'https' : 'http',
    'x-forwarded-host': request.headers.host,
  }
}

export async function createFront(options: FrontOptions): Promise<FastifyInstance> {
  const headers = securityHeaders(options.behindTls)
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    forceCloseConnections: true,
    // Both come before the hooks: an address that cannot be read, and bytes that are no HTTP.
    frameworkErrors: (error, _request, reply) =>
      void sendProblem(reply.headers(headers), faultOf(error.statusCode ?? 400)),
    clientErrorHandler: (error, socket) => refuseNoise(error, socket),
    // Behind a TLS proxy on this machine its word about the client is taken; otherwise nobody's is.
    trustProxy: options.behindTls ? 'loopback' : false,
  })
  const served = new Set(options.hosts.map((h) => h.toLowerCase()))
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.log.error({ err: error }, 'the front failed')
    return sendProblem(reply, faultOf(status))
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    // A page of somebody else whose name was made to point at this machine is not let in.
    if (!served.has(nameOf(request.headers.host))) return sendProblem(reply, foreignHost)
    // Any other upgrade would wait for an answer that nobody gives, for ever.
    if (request.headers.upgrade !== undefined && !request.url.startsWith('/socket.io/'))
      return sendProblem(reply, noUpgrade)
  })
  for (const prefix of forwarded) await forward(app, prefix, options)
  await app.register(staticFiles, {
    root: options.dashboardDir,
    index: false,
    serve: true,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      // Names below assets/ carry a hash of their content.
      const hashed = path.startsWith(join(options.dashboardDir, 'assets'))
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const page = (_request: FastifyRequest, reply: FastifyReply) => sendPage(reply, options)
  app.get('/', page)
  app.get('/index.html', page)
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = (request.headers.accept ?? '').includes('text/html')
    // The router of the page knows its own addresses.
    if (request.method === 'GET' && wantsPage && !request.url.startsWith('/assets/'))
      return sendPage(reply, options)
    return sendProblem(reply, notFound)
  })
  return app
}

const sendProblem = (reply: FastifyReply, problem: Problem) =>
  reply.code(problem.status).type('application/problem+json').send(problem)

/** The name in a Host header, without its port; empty when there is none. */
const nameOf = (host: string | undefined): string => (host ?? '').toLowerCase().replace(/:\d+$/, '')

/** What the framework refused by itself: its own words say more of the inside than of the fault. */
function faultOf(status: number): Problem {
  if (status >= 500)
    return {
      type: 'urn:lantai:problem:internal',
      title: 'Something failed here',
      status,
      code: 'internal',
    }
  const code = status === 413 ? 'body-too-large' : 'bad-request'
  return { type: `urn:lantai:problem:${code}`, title: 'The request cannot be read', status, code }
}

const foreignHost: Problem = {
  type: 'urn:lantai:problem:bad-request',
  title: 'This machine is not called so; LANTAI_HOSTS names what it is called',
  status: 421,
  code: 'bad-request',
}

/** Bytes that are no HTTP. */
function refuseNoise(error: Error & { code?: string }, socket: Socket) {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return socket.destroy()
  const body = JSON.stringify(faultOf(400))
  return socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const notFound: Problem = {
  type: 'urn:lantai:problem:not-found',
  title: 'There is nothing at this address',
  status: 404,
  code: 'not-found',
}

const noUpgrade: Problem = {
  type: 'urn:lantai:problem:bad-request',
  title: 'Only the live connection can be upgraded',
  status: 400,
  code: 'bad-request',
}

async function forward(app: FastifyInstance, prefix: string, options: FrontOptions) {
  const { behindTls } = options
  await app.register(httpProxy, {
    upstream: options.serverUrl,
    prefix,
    rewritePrefix: prefix,
    ...(prefix === '/socket.io' ? { websocket: true as const } : {}),
    undici: { headersTimeout: answerWithinMs, bodyTimeout: answerWithinMs, connectTimeout: 2_000 },
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => forwardedHeaders(request, headers, behindTls),
      onError: (reply, { error }) => {
        options.log.warn({ reason: error.message }, 'server away')
        void serverAway(reply.request, reply)
      },
    },
    wsServerOptions: { maxPayload: socketFrameLimit },
    wsClientOptions: socketHeaders(behindTls),
  })
}

/** socket.io's own limit on the server (reliability 4.3). */
const socketFrameLimit = 64 * 1024

/** The server judges a socket by its Origin and cookie (reliability 4.3). */
const socketHeaders = (behindTls: boolean) => ({
  handshakeTimeout: 5_000,
  rewriteRequestHeaders: (headers: Headers, request: Asked) => {
    const { origin, cookie } = request.headers
    const all = forwardedHeaders(request, { ...headers, origin, cookie }, behindTls)
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  },
})

/** index.html with a nonce of its own, never cached. */
async function sendPage(reply: FastifyReply, options: FrontOptions) {
  const html = await readIndex(options.dashboardDir)
  if (html === undefined) return pageNotBuilt(reply)
  const nonce = makeNonce()
  return reply
    .header('content-security-policy', pagePolicy(nonce))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(html.replaceAll('__CSP_NONCE__', nonce))
}

async function readIndex(dir: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, 'index.html'), 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
