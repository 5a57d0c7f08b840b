import type { AddressInfo } from 'node:net'
import { type LiveRoomName, liveRooms, minutes, type Role, roleNames } from '@lantai/contracts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { cookieFor } from '../features/people/testing.ts'
import { refusal } from '../http/access.ts'
import { createTestContext, type TestContext } from '../testing.ts'
import { connect } from './socket-testing.ts'
import { type Sockets, startSockets } from './sockets.ts'
import { startStatus, statusOf } from './status.ts'

let t: TestContext
let http: FastifyInstance
let sockets: Sockets
let stopStatus: () => void
let port: number
beforeAll(async () => {
  t = await createTestContext()
  http = (await createApp(t.ctx)).http
  await http.listen({ host: '127.0.0.1', port: 0 })
  port = (http.server.address() as AddressInfo).port
  sockets = startSockets(http.server, t.ctx)
  stopStatus = startStatus(t.ctx)
})
afterAll(async () => {
  stopStatus?.()
  await sockets?.close()
  await http?.close()
  await t?.[Symbol.asyncDispose]()
})

const origin = 'http://localhost:8080'
const rooms = Object.keys(liveRooms) as LiveRoomName[]
const lending = { loans: [] }

test('no cookie, an unknown cookie or a foreign origin: no socket', async () => {
  const cookie = await cookieFor(t.ctx, ['desk'])
  await expect(connect(port, { origin })).rejects.toThrow('not-signed-in')
  await expect(connect(port, { origin, cookie: '__Host-lantai=x' })).rejects.toThrow(
    'not-signed-in',
  )
  await expect(connect(port, { origin: 'https://elsewhere.example', cookie })).rejects.toThrow(
    'refused',
  )
  await expect(connect(port, { cookie })).rejects.toThrow('refused')
})

test.each(roleNames)(
  '%s joins the rooms of that role and no other; what is no room is refused',
  async (role: Role) => {
    const s = await connect(port, { origin, cookie: await cookieFor(t.ctx, [role]) })
    for (const room of rooms) {
      const answer = await s.join(room)
      expect(answer.ok ? null : answer.code, room).toBe(refusal(liveRooms[room].access, [role]))
    }
    for (const room of ['', 'session:1', '__proto__', 'constructor', 7, null, { a: 1 }])
      expect(await s.join(room)).toEqual({ ok: false, code: 'bad-request' })
    s.close()
  },
)

test('D17 versions of a room are dense from the one that join answers; another epoch means another process', async () => {
  const s = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['desk']) })
  t.ctx.live.publish('lending', lending)
  const joined = await s.join('lending')
  if (!joined.ok) throw new Error(joined.code)
  for (let i = 1; i <= 3; i++) t.ctx.live.publish('lending', lending)
  for (let i = 1; i <= 3; i++) {
    const { epoch, version } = await s.delta()
    expect([epoch, version]).toEqual([t.ctx.live.epoch, joined.version + i])
  }
  s.close()
})

test('D17 deltas of a transaction that fails are never seen, those of one that commits are', async () => {
  const s = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['desk']) })
  await s.join('lending')
  const fails = t.ctx.write(async ({ live }) => {
    live.add('lending', { loans: ['00000000-0000-4000-8000-000000000001'] })
    throw new Error('no')
  })
  await expect(fails).rejects.toThrow('no')
  await t.ctx.write(async ({ live }) =>
    live.add('lending', { loans: ['00000000-0000-4000-8000-000000000002'] }),
  )
  expect((await s.delta()).data).toEqual({ loans: ['00000000-0000-4000-8000-000000000002'] })
  s.close()
})

test('joining the status room gives the whole of it at once', async () => {
  const s = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['auditOfficer']) })
  const answer = await s.join('status')
  expect(answer.ok && answer.snapshot).toMatchObject({
    fire: 'unknown',
    openAlarms: 0,
    gatewaysTotal: 0,
  })
  s.close()
})

test('signing out closes the sockets of that session, and only those', async () => {
  const cookie = await cookieFor(t.ctx, ['desk'])
  const mine = await connect(port, { origin, cookie })
  const other = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['desk']) })
  await http.inject({ method: 'DELETE', url: '/api/session', headers: { origin, cookie } })
  expect(await mine.next('ended')).toBe('not-signed-in')
  await mine.closed
  expect((await other.join('lending')).ok).toBe(true)
  other.close()
})

test('within a second: an expired session closes its socket, a lost role leaves its rooms', async () => {
  const idle = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['desk']) })
  t.clock.advance(minutes(31))
  expect(await idle.next('ended')).toBe('session-expired')
  await idle.closed
  const cookie = await cookieFor(t.ctx, ['desk'])
  const demoted = await connect(port, { origin, cookie })
  await demoted.join('lending')
  await demoted.join('status')
  await t.ctx.db
    .updateTable('account')
    .set({ roles: ['runner'] })
    .execute()
  await sockets.recheck()
  t.ctx.live.publish('lending', lending)
  t.ctx.live.publish('status', await statusOf(t.ctx))
  expect((await demoted.delta()).room).toBe('status')
  demoted.close()
})

test('whoever talks without end is put out at once, and nobody else waits for it', async () => {
  const good = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['runner']) })
  for (const packet of ['421["join","status"]', '40', '42["leave","x"]', '3']) {
    const flood = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['runner']) })
    for (let i = 0; i < 2000; i++) flood.raw(packet)
    await flood.closed
  }
  expect((await good.join('alarms')).ok).toBe(true)
  good.close()
})

test('a person has so many sockets and no more; another person is not kept out', async () => {
  const cookie = await cookieFor(t.ctx, ['runner'])
  const open = await Promise.all(
    Array.from({ length: 40 }, () => connect(port, { origin, cookie })),
  )
  await expect(connect(port, { origin, cookie })).rejects.toThrow('rate-limited')
  const other = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['runner']) })
  for (const s of [other, ...open]) s.close()
})

test('malformed packets and a message beyond 64 kB end that socket, nobody else', async () => {
  const good = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['runner']) })
  for (const text of [
    '42',
    '42{',
    '42["join"]',
    '421',
    '9',
    '4',
    `42["join","${'x'.repeat(70_000)}"]`,
  ]) {
    const bad = await connect(port, { origin, cookie: await cookieFor(t.ctx, ['runner']) })
    bad.raw(text)
    bad.close()
    await bad.closed
  }
  expect((await good.join('alarms')).ok).toBe(true)
  good.close()
})
