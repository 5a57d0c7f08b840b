import { api, liveRooms, type Role, type Route, roleNames } from '@lantai/contracts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { cookieFor } from '../features/people/testing.ts'
import { createTestContext, type TestContext } from '../testing.ts'
import { refusal } from './access.ts'
import { docsRoutes } from './docs.ts'
import { createHttp } from './server.ts'

let t: TestContext
let http: FastifyInstance
let mounted: readonly Route[]
beforeAll(async () => {
  t = await createTestContext()
  const app = await createApp(t.ctx)
  http = app.http
  mounted = app.routes
  await http.ready()
})
afterAll(async () => {
  await http?.close()
  await t?.[Symbol.asyncDispose]()
})

const described = Object.values(api)
  .flatMap((feature) => Object.values(feature))
  .filter((r): r is Route => typeof r === 'object' && r !== null && 'method' in r)
const keyOf = (r: { method: string; path: string }) => `${r.method} ${r.path}`

const ask = (r: Route, cookie?: string) =>
  http.inject({
    method: r.method,
    url: r.path.replace(/:\w+/g, 'zz'),
    headers: { origin: 'http://localhost:8080', ...(cookie ? { cookie } : {}) },
  })

test('every route of the contract is mounted, once, and nothing else but the description of the API', () => {
  const ours = [...described, ...Object.values(docsRoutes)]
  expect(mounted.map(keyOf).sort()).toEqual(ours.map(keyOf).sort())
})

test('a URL that does not come from a route value cannot be registered', async () => {
  const bare = await createHttp(t.ctx, async () => ({ ok: false, code: 'not-signed-in' }))
  expect(() => bare.get('/api/back-door', async () => 'hello')).toThrow(/no access rule/)
  await bare.close()
})

test('the API describes itself: OpenAPI 3.1 with every route, and a page that needs nobody else', async () => {
  const document = (await http.inject('/api/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  for (const r of described.filter(({ access }) => access.who !== 'loopback'))
    expect(document.paths[r.path.replace(/:(\w+)/g, '{$1}')][r.method.toLowerCase()].summary).toBe(
      r.summary,
    )
  const page = await http.inject('/api/docs')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.body).not.toMatch(/https?:\/\//)
  for (const [, src] of page.body.matchAll(/src="([^"]+)"/g)) {
    const script = await http.inject(src ?? '')
    expect([script.statusCode, script.headers['content-type']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ])
  }
})

test('every live room says who may join it', () => {
  for (const [name, room] of Object.entries(liveRooms)) {
    expect(room.access.who, name).not.toBe('anyone')
    expect(refusal(room.access, null), name).toBe('not-signed-in')
  }
})

test('signed out, every protected route answers 401 not-signed-in before it reads anything', async () => {
  for (const r of described.filter(({ access }) => access.who !== 'anyone')) {
    const answer = await ask(r)
    const expected = r.access.who === 'loopback' ? [200] : [401]
    expect(expected, keyOf(r)).toContain(answer.statusCode)
    if (answer.statusCode === 401) expect(answer.json().code, keyOf(r)).toBe('not-signed-in')
  }
})

test.each(roleNames)(
  'as %s, every route of other roles answers 403 forbidden',
  async (role: Role) => {
    const cookie = await cookieFor(t.ctx, [role])
    const others = described.filter((r) => refusal(r.access, [role]) && r.access.who === 'roles')
    for (const r of others) {
      const answer = await ask(r, cookie)
      expect([answer.statusCode, answer.json().code], keyOf(r)).toEqual([403, 'forbidden'])
    }
    const own = described.filter((r) => r.access.who === 'roles' && !refusal(r.access, [role]))
    for (const r of own) expect((await ask(r, cookie)).statusCode, keyOf(r)).not.toBe(403)
  },
)

test('an unsafe method without an Origin of ours is refused, whoever asks', async () => {
  const cookie = await cookieFor(t.ctx, ['archivist'])
  for (const origin of [undefined, 'null', 'https://elsewhere.example'])
    for (const r of described.filter(({ method }) => method !== 'GET')) {
      const headers = { cookie, ...(origin ? { origin } : {}) }
      const answer = await http.inject({ method: r.method, url: r.path, headers })
      expect([answer.statusCode, answer.json().code], keyOf(r)).toEqual([403, 'foreign-origin'])
    }
})

test('a proxied request never reaches the metrics', async () => {
  const answer = await http.inject({
    method: 'GET',
    url: '/metrics',
    headers: { 'x-forwarded-for': '10.0.0.9' },
  })
  expect(answer.statusCode).toBe(404)
})

test('a reason that would turn the words beside it is refused, by its path', async () => {
  const cookie = await cookieFor(t.ctx, ['archivist'])
  const release = (reason: string) =>
    http.inject({
      method: 'POST',
      url: '/api/shelving/B1/release',
      headers: { origin: 'http://localhost:8080', cookie, 'content-type': 'application/json' },
      payload: JSON.stringify({ reason }),
    })
  const refused = await release('检修\u202e完成')
  expect([refused.statusCode, refused.json().code]).toEqual([400, 'bad-request'])
  expect(JSON.stringify(refused.json().errors)).toMatch(/reason/)
  expect((await release('检修完成')).json().code).not.toBe('bad-request')
})

test('text that no store can keep is refused before it reaches one, signed in or not', async () => {
  const cookie = await cookieFor(t.ctx, ['runner'])
  for (const text of ['a\u0000', '\ud800', 'x\udc00y']) {
    const post = (url: string, body: object) =>
      http.inject({
        method: 'POST',
        url,
        headers: { origin: 'http://localhost:8080', cookie, 'content-type': 'application/json' },
        payload: JSON.stringify(body),
      })
    for (const answer of [
      await post('/api/session', { account: text, password: 'x' }),
      await post('/api/search', { q: text }),
      await post('/api/stack/moves', { code: 'LT00000000', to: '1A-1-1', reason: text }),
    ]) {
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'bad-request'])
      expect(answer.json().detail).toMatch(/U\+0000/)
    }
  }
})

test('malformed bodies, wrong types, big bodies and unknown paths are explained, never leaked', async () => {
  const post = (payload: string, type = 'application/json') =>
    http.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin: 'http://localhost:8080', 'content-type': type },
      payload,
    })
  expect((await post('{')).json().code).toBe('bad-request')
  expect((await post('{"account":1}')).json().errors.length).toBeGreaterThan(0)
  expect((await post('a=1', 'application/x-www-form-urlencoded')).statusCode).toBe(400)
  expect((await post(JSON.stringify({ account: 'x'.repeat(70_000) }))).statusCode).toBe(413)
  expect((await http.inject({ method: 'GET', url: '/api/nothing' })).json().code).toBe('not-found')
})
