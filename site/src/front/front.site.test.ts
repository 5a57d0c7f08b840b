import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { choosePort } from '../postgres/ports.ts'
import { tempDir } from '../testing.ts'
import { contradictions, FrontConfig } from './config.ts'
import { createFront } from './front.ts'

const dir = tempDir()
const log = pino({ level: 'silent' })
let app: FastifyInstance
let upstream: Server
let asked: IncomingMessage | undefined

beforeAll(() => {
  mkdirSync(join(dir.path, 'assets'))
  writeFileSync(join(dir.path, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">')
  writeFileSync(join(dir.path, 'assets', 'main-abc123.js'), 'export {}')
  writeFileSync(join(dir.path, '.stamp'), 'hidden')
})
afterAll(() => dir[Symbol.dispose]())

/** Something that answers and remembers what it was asked, to see what the proxy passes on. */
beforeEach(async () => {
  upstream = createServer((request, response) => {
    asked = request
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  app = await front((upstream.address() as AddressInfo).port)
})
afterEach(async () => {
  await app.close()
  upstream.close()
})

const front = (port: number) =>
  createFront({
    serverUrl: `http://127.0.0.1:${port}`,
    dashboardDir: dir.path,
    behindTls: false,
    hosts: ['localhost', '127.0.0.1', 'archive.example'],
    log,
  })

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers })
const html = { accept: 'text/html' }

describe('the page', () => {
  test('has a nonce of its own in every response, the same in policy and page', async () => {
    const seen = await Promise.all(['/', '/stacks/R1?at=12A', '/'].map((url) => get(url, html)))
    const nonces = seen.map(
      (r) => /nonce-([^']+)'/.exec(String(r.headers['content-security-policy']))?.[1],
    )
    expect(new Set(nonces).size).toBe(3)
    for (const [i, r] of seen.entries()) expect(r.body).toContain(`content="${nonces[i]}"`)
    for (const r of seen) expect(r.headers['cache-control']).toBe('no-store')
  })
  test('runs no inline script and no third party', async () => {
    const policy = String((await get('/', html)).headers['content-security-policy'])
    for (const part of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy.split('; ')).toContain(part)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })
  test('files with a hash in their name are kept for ever, unknown ones are 404 and never the page', async () => {
    const asset = await get('/assets/main-abc123.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const gone = await get('/assets/main-old.js', html)
    expect([gone.statusCode, gone.json().code]).toEqual([404, 'not-found'])
  })
  test.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/.stamp',
    '/assets/../../x',
  ])('%s gives away nothing', async (url) => {
    const answer = await get(url)
    expect([400, 403, 404]).toContain(answer.statusCode)
    expect(answer.body).not.toContain('hidden')
  })
  test.each(['/', '/assets/main-abc123.js', '/api/session', '/nothing'])(
    '%s carries the security headers',
    async (url) => {
      const { headers } = await get(url)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      })
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/)
    },
  )
})

describe('what is refused by itself', () => {
  test.each(['evil.example', 'localhost.evil.example', 'evil.example:8080'])(
    'a request for "%s" is not answered and does not reach the server',
    async (host) => {
      asked = undefined
      for (const url of ['/', '/api/session', '/assets/main-abc123.js']) {
        const answer = await get(url, { host })
        expect([answer.statusCode, answer.json().code]).toEqual([421, 'bad-request'])
        expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
      }
      expect(asked).toBeUndefined()
    },
  )
  test('every name of the machine is served, with any port', async () => {
    for (const host of ['localhost:9', 'ARCHIVE.example', '127.0.0.1:8080'])
      expect((await get('/', { host, ...html })).statusCode).toBe(200)
  })
  test('what the framework cannot read is a problem that tells nothing of the inside', async () => {
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('NOISE\r\n\r\n')
    const [head, body] = (await text(socket)).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json/s)
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'bad-request', status: 400 })
    const bad = await get('/%E0%A4%A')
    expect(bad.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect([bad.statusCode, bad.json().code]).toEqual([400, 'bad-request'])
  })
})

describe('what reaches the server', () => {
  test('where a request came from is our word; what the client claims is dropped', async () => {
    await get('/api/session', {
      'x-forwarded-for': '203.0.113.9',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      host: 'localhost:8080',
    })
    expect(asked?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'localhost:8080',
    })
    expect(asked?.headers).not.toHaveProperty('x-real-ip')
    expect(asked?.headers).not.toHaveProperty('forwarded')
  })
  test.each([
    ['/api/session', 'websocket'],
    ['/api/session', 'h2c'],
    ['/', 'websocket'],
  ])(
    '%s cannot be upgraded to %s, and the connection is not left hanging',
    async (path, upgrade) => {
      const origin = await app.listen({ port: 0, host: '127.0.0.1' })
      const socket = connect(Number(new URL(origin).port), '127.0.0.1')
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      )
      // It ends when the other side closes.
      expect((await text(socket)).split('\r\n')[0]).toBe('HTTP/1.1 400 Bad Request')
    },
  )
  test('a body that waits to be asked for is forwarded like any other', async () => {
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { expect: '100-continue', 'content-length': 2 }
    const asking = request(`${origin}/api/session`, { method: 'POST', headers, agent: false })
    asking.flushHeaders()
    await once(asking, 'continue')
    asking.end('{}')
    const [answer] = await once(asking, 'response')
    expect(answer.statusCode).toBe(200)
    expect(asked?.headers).not.toHaveProperty('expect')
  })
  test.each(['/metrics', '/internal'])('%s stays inside', async (url) => {
    asked = undefined
    expect((await get(url)).statusCode).toBe(404)
    expect(asked).toBeUndefined()
  })
})

describe('while the server is away', () => {
  beforeEach(async () => {
    await app.close()
    app = await front(await choosePort())
  })
  test('programs get a problem with a code, and nothing of the inside', async () => {
    const answer = await get('/api/session')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['content-type']).toMatch('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'unavailable', status: 503 })
    expect(answer.body).not.toMatch(/ECONN|127\.0\.0\.1|\n +at /)
  })
  test('people get a calm page, in both languages, that asks again by itself', async () => {
    const answer = await get('/api/docs', html)
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2'])
    expect(answer.body).toMatch(/服务器正在启动[\s\S]*The server is starting/)
  })
  test('the page itself still comes', async () =>
    expect((await get('/', html)).statusCode).toBe(200))
})

describe('configuration', () => {
  const good = { SERVER_URL: 'http://127.0.0.1:1', DASHBOARD_DIR: '/x' }
  test('plain http is for this machine alone', () => {
    const read = readConfig(FrontConfig, { ...good, LANTAI_HOST: '0.0.0.0' })
    if (!read.ok) throw new Error(read.wrong.join())
    expect(contradictions(read.config)).toHaveLength(1)
    expect(contradictions({ ...read.config, LANTAI_BEHIND_TLS: '1' })).toEqual([])
    expect(contradictions({ ...read.config, LANTAI_HOST: 'localhost' })).toEqual([])
  })
  test('everything that is wrong is told at once', () => {
    const read = readConfig(FrontConfig, { LANTAI_PORT: '0', SERVER_URL: 'https://elsewhere' })
    expect(read).toMatchObject({ ok: false })
    if (!read.ok)
      for (const name of ['LANTAI_PORT', 'SERVER_URL', 'DASHBOARD_DIR'])
        expect(read.wrong.join('\n')).toContain(name)
  })
})
