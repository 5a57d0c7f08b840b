/** The control channel: loopback HTTP with a token that changes at every start. Only tests and scenarios use it. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, millis } from '@lantai/contracts'
import { DeviceDown } from '../devices/host.ts'
import { NoFace } from '../world/cart/cart.ts'
import { Unknown } from '../world/world.ts'
import { acts, type Simulation, worldState } from './acts.ts'
import { BadBody, Body } from './body.ts'

const longestBody = 64 * 1024
const idleWaitMs = 30_000

export interface Control {
  readonly port: number
  readonly token: string
  close(): Promise<void>
}

type Answer = { status: number; body: object }

export async function startControl(sim: Simulation, clock: Clock): Promise<Control> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer((request, response) => {
    answer(sim, clock, token, request).then(
      (a) => send(response, a),
      (cause: unknown) => send(response, failure(cause)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, token, close: () => close(server) }
}

async function answer(
  sim: Simulation,
  clock: Clock,
  token: string,
  request: IncomingMessage,
): Promise<Answer> {
  if (!allowed(request, token)) return { status: 401, body: { error: 'token missing or wrong' } }
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (request.method === 'GET' && url.pathname === '/world/state')
    return { status: 200, body: worldState(sim) }
  if (request.method === 'GET' && url.pathname === '/world/idle')
    return waitForIdle(sim, clock, Number(url.searchParams.get('timeoutMs') ?? idleWaitMs))
  const act = acts[url.pathname]
  if (!act) return { status: 404, body: { error: `no such path ${url.pathname}` } }
  if (request.method !== 'POST') return { status: 405, body: { error: 'POST only' } }
  return { status: 200, body: await act(sim, new Body(await json(request))) }
}

function allowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Long poll: answers when nothing moves any more, or with `idle: false` when it takes too long. */
function waitForIdle({ world }: Simulation, clock: Clock, timeoutMs: number): Promise<Answer> {
  const patience = Number.isFinite(timeoutMs)
    ? Math.min(600_000, Math.max(0, timeoutMs))
    : idleWaitMs
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel()
      resolve({ status: 200, body: { idle: true } })
    }
    const timer = clock.after(millis(patience), () => {
      world.forget(done)
      resolve({ status: 200, body: { idle: false } })
    })
    world.whenIdle(done)
  })
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > longestBody) throw new BadBody([`the body is longer than ${longestBody} bytes`])
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new BadBody(['the body is not JSON'])
  }
}

function failure(cause: unknown): Answer {
  if (cause instanceof BadBody) return { status: 400, body: { error: cause.problems } }
  if (cause instanceof Unknown || cause instanceof NoFace)
    return { status: 404, body: { error: cause.message } }
  if (cause instanceof DeviceDown) return { status: 503, body: { error: cause.message } }
  const message = cause instanceof Error ? cause.message : 'failed'
  return { status: 500, body: { error: message } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
