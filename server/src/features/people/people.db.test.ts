import { hours, minutes, seconds } from '@lantai/contracts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../app.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { addAccount, cookieFor, testPassword } from './testing.ts'

let t: TestContext
let http: FastifyInstance
beforeAll(async () => {
  t = await createTestContext()
  http = (await createApp(t.ctx)).http
})
afterAll(async () => {
  await http?.close()
  await t?.[Symbol.asyncDispose]()
})

const origin = 'http://localhost:8080'
const signIn = (account: string, password: string, remoteAddress = '127.0.0.1') =>
  http.inject({
    method: 'POST',
    remoteAddress,
    url: '/api/session',
    headers: { origin },
    payload: { account, password },
  })
const whoAmI = (cookie: string) => http.inject({ url: '/api/session', headers: { cookie } })
const codeOf = (answer: { statusCode: number; json: () => { code: string } }) => [
  answer.statusCode,
  answer.json().code,
]

test('signing in sets a host-only cookie that scripts cannot read, and only its hash is stored', async () => {
  const { account, id } = await addAccount(t.ctx, ['archivist'])
  const answer = await signIn(account, testPassword)
  expect(answer.statusCode).toBe(200)
  const [cookie] = answer.cookies
  expect(cookie).toMatchObject({
    name: '__Host-lantai',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/',
  })
  expect(cookie?.domain).toBeUndefined()
  expect(Buffer.from(cookie?.value ?? '', 'base64url')).toHaveLength(32)
  const stored = await t.ctx.db
    .selectFrom('session')
    .select('token_hash')
    .where('person_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(stored.token_hash.toString('base64url')).not.toBe(cookie?.value)
  expect((await whoAmI(`__Host-lantai=${cookie?.value}`)).json().id).toBe(id)
})

test('an idle session ends after 30 minutes with its own code, and use keeps it alive', async () => {
  const cookie = await cookieFor(t.ctx, ['desk'])
  t.clock.advance(minutes(29))
  expect((await whoAmI(cookie)).statusCode).toBe(200)
  t.clock.advance(minutes(29))
  expect((await whoAmI(cookie)).statusCode).toBe(200)
  t.clock.advance(minutes(30))
  expect(codeOf(await whoAmI(cookie))).toEqual([401, 'session-expired'])
})

test('a session ends after 12 hours however much it is used', async () => {
  const cookie = await cookieFor(t.ctx, ['desk'])
  for (let used = 0; used < hours(12) - minutes(20); used += minutes(20)) {
    expect((await whoAmI(cookie)).statusCode).toBe(200)
    t.clock.advance(minutes(20))
  }
  t.clock.advance(minutes(20))
  expect(codeOf(await whoAmI(cookie))).toEqual([401, 'session-expired'])
})

test('signing out ends the session at once, for whoever holds the cookie', async () => {
  const cookie = await cookieFor(t.ctx, ['runner'])
  const ended: string[] = []
  t.ctx.sessions.onEnded((id) => ended.push(id))
  await http.inject({ method: 'DELETE', url: '/api/session', headers: { origin, cookie } })
  expect(codeOf(await whoAmI(cookie))).toEqual([401, 'not-signed-in'])
  expect(ended).toHaveLength(1)
})

test('signing in where somebody else is signed in ends that session; a failed attempt ends nothing', async () => {
  const first = await addAccount(t.ctx, ['desk'])
  const second = await addAccount(t.ctx, ['runner'])
  const cookie = `__Host-lantai=${(await signIn(first.account, testPassword)).cookies[0]?.value}`
  const ended: string[] = []
  const stop = t.ctx.sessions.onEnded((_id, why) => ended.push(why))
  const take = (password: string) =>
    http.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin, cookie },
      payload: { account: second.account, password },
    })
  await take('wrong')
  expect((await whoAmI(cookie)).json().id).toBe(first.id)
  const next = (await take(testPassword)).cookies[0]?.value
  expect(codeOf(await whoAmI(cookie))).toEqual([401, 'not-signed-in'])
  expect((await whoAmI(`__Host-lantai=${next}`)).json().id).toBe(second.id)
  expect(ended).toEqual(['not-signed-in'])
  stop()
})

test('a disabled account loses its open sessions', async () => {
  const { account, id } = await addAccount(t.ctx, ['desk'])
  const cookie = `__Host-lantai=${(await signIn(account, testPassword)).cookies[0]?.value}`
  await t.ctx.db
    .updateTable('account')
    .set({ disabled_at: new Date() })
    .where('id', '=', id)
    .execute()
  expect(codeOf(await whoAmI(cookie))).toEqual([401, 'not-signed-in'])
  expect(codeOf(await signIn(account, testPassword))).toEqual([401, 'sign-in-failed'])
})

test.each(['an account', 'a name that is no account'])(
  'failures for %s slow down, then lock; the answers do not tell them apart',
  async (which) => {
    const account =
      which === 'an account'
        ? (await addAccount(t.ctx, ['desk'])).account
        : `nobody-${crypto.randomUUID().slice(0, 8)}`
    const codes: string[] = []
    for (let i = 0; i < 10; i++) {
      const answer = await signIn(account, 'wrong')
      codes.push(answer.json().code)
      if (i > 2) {
        const waiting = await signIn(account, testPassword)
        codes.push(waiting.json().code)
        expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0)
      }
      if (i < 9) t.clock.advance(seconds(64))
    }
    expect(new Set(codes.slice(0, -1))).toEqual(new Set(['sign-in-failed', 'rate-limited']))
    expect(codes.at(-1)).toBe('sign-in-locked')
    t.clock.advance(minutes(15))
    const after = await signIn(account, testPassword)
    expect(after.statusCode).toBe(which === 'an account' ? 200 : 401)
  },
)

const fromKnown = (account: string, password: string, token: string) =>
  http.inject({
    method: 'POST',
    url: '/api/session',
    // The limit of an address is another matter.
    remoteAddress: '10.0.0.2',
    headers: { origin, cookie: `__Host-lantai-known=${token}` },
    payload: { account, password },
  })

test('strangers cannot lock out who has signed in here before, whose own guesses are counted apart', async () => {
  const { account } = await addAccount(t.ctx, ['desk'])
  const cookies = (await signIn(account, testPassword, '10.0.0.1')).cookies
  const known = cookies.find((c) => c.name === '__Host-lantai-known')
  expect(known).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' })
  const token = known?.value ?? ''
  // It lies on the disk long after the browser is closed.
  const reused = { cookie: `__Host-lantai=${token}` }
  const opened = await http.inject({ method: 'GET', url: '/api/session', headers: reused })
  expect(opened.statusCode).toBe(401)
  for (let i = 0; i < 10; i++) {
    await signIn(account, 'wrong', '10.0.0.1')
    t.clock.advance(seconds(64))
  }
  expect((await signIn(account, testPassword, '10.0.0.1')).json().code).toBe('sign-in-locked')
  // A token of somebody else makes nobody known.
  const other = await addAccount(t.ctx, ['desk'])
  const theirs = (await signIn(other.account, testPassword)).cookies
  const foreign = theirs.find((c) => c.name === '__Host-lantai-known')?.value ?? ''
  expect((await fromKnown(account, testPassword, foreign)).json().code).toBe('sign-in-locked')
  const back = await fromKnown(account, testPassword, token)
  expect(back.statusCode).toBe(200)
  // The lock for strangers stands.
  expect((await signIn(account, testPassword, '10.0.0.1')).json().code).toBe('sign-in-locked')
  const fresh = back.cookies.find((c) => c.name === '__Host-lantai-known')?.value ?? ''
  for (let i = 0; i < 10; i++) {
    await fromKnown(account, 'wrong', fresh)
    t.clock.advance(seconds(64))
  }
  expect((await fromKnown(account, testPassword, fresh)).json().code).toBe('sign-in-locked')
})

test('a system officer ends a lock, with a reason that the ledger keeps; nobody else does', async () => {
  const { account, id } = await addAccount(t.ctx, ['desk'])
  for (let i = 0; i < 10; i++) {
    await signIn(account, 'wrong', '10.0.0.3')
    t.clock.advance(seconds(64))
  }
  const unlock = async (role: 'archivist' | 'systemOfficer', person = id) =>
    http.inject({
      method: 'POST',
      url: `/api/people/${person}/unlock`,
      headers: { origin, cookie: await cookieFor(t.ctx, [role]) },
      payload: { reason: '本人来电' },
    })
  expect((await unlock('archivist')).statusCode).toBe(403)
  expect((await unlock('systemOfficer', crypto.randomUUID())).statusCode).toBe(404)
  expect((await signIn(account, testPassword, '10.0.0.3')).json().code).toBe('sign-in-locked')
  expect((await unlock('systemOfficer')).statusCode).toBe(200)
  expect((await signIn(account, testPassword, '10.0.0.3')).statusCode).toBe(200)
  const entry = await t.ctx.db
    .selectFrom('custody_entry')
    .where('event', '=', 'account.unlocked')
    .select(['detail', 'outcome'])
    .executeTakeFirstOrThrow()
  expect(entry).toEqual({ detail: '本人来电', outcome: 'success' })
})

test('many guesses at the same moment are many failures: each is counted or refused unheard', async () => {
  const { account, id } = await addAccount(t.ctx, ['desk'])
  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(account, 'wrong')))
  const heard = answers.filter((a) => a.statusCode === 401).length
  // As few as one after another: the fourth failure is the first that costs a wait.
  expect(heard).toBe(4)
  const refused = answers.filter((a) => [423, 429].includes(a.statusCode)).length
  expect(heard + refused).toBe(12)
  const { failed_count } = await t.ctx.db
    .selectFrom('account')
    .select('failed_count')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(failed_count).toBe(heard)
  // Not even the right password is heard now.
  expect([423, 429]).toContain((await signIn(account, testPassword)).statusCode)
})

test.each([
  [['auditOfficer', 'systemOfficer']],
  [['auditOfficer', 'securityOfficer']],
  [[]],
  [['superuser']],
])('三员: the database refuses an account with the roles %j', async (roles) => {
  const add = addAccount(t.ctx, roles as never[])
  await expect(add).rejects.toThrow(/account_(auditor_apart|roles_known)/)
})

test('officers see the accounts, never a hash; the others see nothing', async () => {
  const cookie = await cookieFor(t.ctx, ['auditOfficer'])
  const answer = await http.inject({ url: '/api/people', headers: { cookie } })
  expect(answer.json().people.length).toBeGreaterThan(5)
  expect(answer.body).not.toContain('scrypt')
})
