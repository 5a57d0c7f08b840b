import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Me, Roster } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import { type Context, nowOf } from '../../context.ts'
import type { DB } from '../../db/schema.gen.ts'
import type { Identify, Identity } from '../../http/access.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Work } from '../../work.ts'
import { inTurn } from './in-turn.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { isOver, knownFor, limitsOf, penalty, type SessionTimes } from './rules.ts'
import {
  type Account,
  accountByName,
  countFailure,
  endSession,
  insertSession,
  knownBrowser,
  listAccounts,
  lockUntil,
  noteSignIn,
  type SessionRow,
  type Slate,
  sessionByToken,
  sessionsById,
  touchSession,
  wipe,
} from './store.ts'

export { hashPassword } from './password.ts'

const hashToken = (token: string) => createHash('sha256').update(token).digest()
/** Of a token and of its hash alike. */
const tokenForm = /^[A-Za-z0-9_-]{43}$/
const touchEvery = 10_000

/** Finds the person behind a cookie, and says apart whether there is none or the session is over. */
export const identifier =
  (ctx: Context): Identify =>
  async (token) => {
    if (!token || !tokenForm.test(token)) return { ok: false, code: 'not-signed-in' }
    const session = await sessionByToken(ctx.db, ctx.site, hashToken(token))
    const now = nowOf(ctx)
    const identity = judge(session, now)
    if (session && identity.ok && now.getTime() - session.lastUsedAt.getTime() > touchEvery)
      await touchSession(ctx.db, ctx.site, session.sessionId, now)
    return identity
  }

/** The same judgement for sessions that hold a socket open; using a socket does not keep a session alive. */
export async function judgeSessions(ctx: Context, ids: string[]): Promise<Map<string, Identity>> {
  const rows = await sessionsById(ctx.db, ctx.site, ids)
  const byId = new Map(rows.map((r) => [r.sessionId, r]))
  return new Map(ids.map((id) => [id, judge(byId.get(id), nowOf(ctx))]))
}

function judge(s: SessionRow | undefined, now: Date): Identity {
  if (!s) return { ok: false, code: 'not-signed-in' }
  if (s.endedAt)
    return { ok: false, code: s.endReason === 'expired' ? 'session-expired' : 'not-signed-in' }
  if (s.disabledAt) return { ok: false, code: 'not-signed-in' }
  if (isOver(s, now)) return { ok: false, code: 'session-expired' }
  const { id, account, name, roles, clearance, sessionId } = s
  return { ok: true, person: { id, account, name, roles, clearance, sessionId } }
}

// Checked where the account does not exist, so that both answers take the same time.
const nobody = hashPassword(randomBytes(16).toString('hex'))

/** One more failure for names that are no account; bounded, forgotten with the process. */
const strangers = new Map<string, { failures: number; until: number }>()

export interface SignInResult {
  token: string
  /** What the browser is known by afterwards: the token's hash, which is no token. */
  known: string
  me: Me
}

export interface SignInFrom {
  address: string
  /** Whose session this browser holds now. */
  before: SignedIn | null
  /** `known` of the last session of this browser, open or over. */
  known: string | undefined
}

/** Slows down, then locks; answers the same for a wrong name and a wrong password. */
export async function signIn(
  ctx: Context,
  given: { account: string; password: string },
  from: SignInFrom,
): Promise<SignInResult> {
  const account = await accountByName(ctx.db, ctx.site, given.account)
  const slate = account ? await slateOf(ctx, account, from.known) : undefined
  // Strangers wait for strangers; who has signed in here before does not stand in their line.
  const line = slate?.table === 'session' ? slate.id : `name ${given.account}`
  return await inTurn(line, () => signInNow(ctx, given, from))
}

/** Where failures against this account from this browser are counted. */
async function slateOf(ctx: Context, a: Account, known: string | undefined): Promise<Slate> {
  const strangersSlate = { table: 'account', id: a.id, ...waiting(a) } as const
  if (!known || !tokenForm.test(known)) return strangersSlate
  const since = new Date(nowOf(ctx).getTime() - knownFor)
  const session = await knownBrowser(ctx.db, ctx.site, Buffer.from(known, 'base64url'), a.id, since)
  return session ? { table: 'session', ...session } : strangersSlate
}

const waiting = ({ failedCount, lockedUntil }: Account) => ({ failedCount, lockedUntil })

async function signInNow(
  ctx: Context,
  given: { account: string; password: string },
  { address, before, known }: SignInFrom,
): Promise<SignInResult> {
  const now = nowOf(ctx)
  const account = await accountByName(ctx.db, ctx.site, given.account)
  const slate = account && (await slateOf(ctx, account, known))
  refuseWhileWaiting(slate, given.account, now)
  const right = await verifyPassword(given.password, account?.passwordHash ?? (await nobody))
  if (!account || !slate || !right || account.disabledAt)
    return await fail(ctx, slate, given.account, now)
  const session = await ctx.write(async (work) => {
    await noteSignIn(work.trx, work.site, account.id, work.now)
    await wipe(work.trx, work.site, slate)
    if (before && before.id !== account.id) await replaceSession(ctx, work, before)
    return await openSession(work.trx, work.site, account.id, address, work.now)
  })
  ctx.log.info({ person: account.id, address }, 'signed in')
  const times = { createdAt: now, lastUsedAt: now }
  const knownNow = hashToken(session.token).toString('base64url')
  return {
    token: session.token,
    known: knownNow,
    me: meOf({ ...account, sessionId: session.id }, times),
  }
}

/**
 * Somebody else's session of this browser ends: its other pages would go on under a name that their requests no
 * longer have. One's own is left to its limits, or two pages of one person would sign each other out in turn.
 */
async function replaceSession(ctx: Context, work: Work, before: SignedIn) {
  const { trx, site, now, afterCommit } = work
  await endSession(trx, site, before.sessionId, 'sign-out', now)
  afterCommit(() => ctx.sessions.ended(before.sessionId, 'not-signed-in'))
}

/** A fresh 256-bit reference; only its hash is stored. */
export async function openSession(
  db: Kysely<DB>,
  site: string,
  person: string,
  address: string,
  at: Date,
): Promise<{ id: string; token: string }> {
  const token = randomBytes(32).toString('base64url')
  const id = randomUUID()
  await insertSession(db, site, { id, tokenHash: hashToken(token), person, address, at })
  return { id, token }
}

function refuseWhileWaiting(slate: Slate | undefined, name: string, now: Date) {
  const stranger = strangers.get(name)
  const until = slate ? slate.lockedUntil?.getTime() : stranger?.until
  if (until === undefined || until <= now.getTime()) return
  const failures = slate?.failedCount ?? stranger?.failures ?? 0
  throw new DomainError(penalty(failures).locked ? 'sign-in-locked' : 'rate-limited', undefined, {
    retryAfterSeconds: Math.ceil((until - now.getTime()) / 1000),
  })
}

async function fail(
  ctx: Context,
  slate: Slate | undefined,
  name: string,
  now: Date,
): Promise<never> {
  const failures = slate ? await failOn(ctx, slate) : failStranger(name, now)
  if (penalty(failures).locked)
    ctx.log.warn({ slate: slate ?? null }, 'sign-in locked after many failures')
  throw new DomainError('sign-in-failed')
}

const failOn = (ctx: Context, slate: Slate) =>
  ctx.write(async ({ trx, site, now }) => {
    const failures = await countFailure(trx, site, slate)
    const { wait } = penalty(failures)
    await lockUntil(trx, site, slate, wait > 0 ? new Date(now.getTime() + wait) : null)
    return failures
  })

function failStranger(name: string, now: Date): number {
  const failures = (strangers.get(name)?.failures ?? 0) + 1
  remember(name, { failures, until: now.getTime() + penalty(failures).wait })
  return failures
}

function remember(name: string, entry: { failures: number; until: number }) {
  strangers.delete(name)
  strangers.set(name, entry)
  const oldest = strangers.keys().next()
  if (strangers.size > 10_000 && !oldest.done) strangers.delete(oldest.value)
}

/** Ends the session at once; its sockets close with it. */
export async function signOut(ctx: Context, person: SignedIn): Promise<void> {
  await ctx.write(async ({ trx, site, now, afterCommit }) => {
    await endSession(trx, site, person.sessionId, 'sign-out', now)
    afterCommit(() => ctx.sessions.ended(person.sessionId, 'not-signed-in'))
  })
}

/** The signed-in person with the times at which the session ends. */
export async function whoAmI(ctx: Context, person: SignedIn): Promise<Me> {
  const [session] = await sessionsById(ctx.db, ctx.site, [person.sessionId])
  if (!session) throw new DomainError('not-signed-in')
  return meOf(person, session)
}

function meOf(
  person: Omit<SignedIn, 'roles'> & { roles: readonly SignedIn['roles'][number][] },
  s: SessionTimes,
): Me {
  const { idleUntil, until } = limitsOf(s)
  const { id, account, name, roles, clearance } = person
  return {
    id,
    account,
    name,
    roles: [...roles],
    clearance,
    idleUntil: idleUntil.toISOString(),
    until: until.toISOString(),
  }
}

export async function listPeople(ctx: Context) {
  const people = await listAccounts(ctx.db, ctx.site)
  const now = nowOf(ctx)
  return people.map(
    ({ id, account, name, roles, clearance, lockedUntil, lastSignIn, failedCount }) => ({
      id,
      account,
      name,
      roles,
      clearance,
      locked: lockedUntil !== null && lockedUntil > now && penalty(failedCount).locked,
      lastSignIn: lastSignIn?.toISOString() ?? null,
    }),
  )
}

/** Ends the lock that strangers' guesses have put on an account. */
export async function unlock(
  ctx: Context,
  id: string,
  person: SignedIn,
  reason: string,
): Promise<void> {
  await ctx.write(async ({ trx, site, ledger }) => {
    if (!(await wipe(trx, site, { table: 'account', id }))) throw new DomainError('not-found')
    ledger.add({
      event: 'account.unlocked',
      actor: { id: person.id, name: person.name },
      outcome: 'success',
      detail: reason,
      object: { account: id },
    })
  })
}

/** Who may sign in at a gateway's console: hashes only. Officers have no business at the steel. */
export async function rosterFor(ctx: Context, gateway: string, version: number): Promise<Roster> {
  const all = await listAccounts(ctx.db, ctx.site)
  const people = all
    .filter((a) => !a.disabledAt)
    .map(({ id, account, name, roles, passwordHash }) => ({
      id,
      account,
      name,
      roles,
      hash: passwordHash,
    }))
  return { gateway, version, people }
}
