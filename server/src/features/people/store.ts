import type { Role, SecrecyLevel } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

export interface Account {
  id: string
  account: string
  name: string
  roles: Role[]
  clearance: SecrecyLevel
  passwordHash: string
  failedCount: number
  lockedUntil: Date | null
  disabledAt: Date | null
  lastSignIn: Date | null
}

const accounts = (db: Kysely<DB>, site: string) =>
  db
    .selectFrom('account')
    .where('site_id', '=', site)
    .select([
      'id',
      'account',
      'name',
      'roles',
      'clearance',
      'password_hash as passwordHash',
      'failed_count as failedCount',
      'locked_until as lockedUntil',
      'disabled_at as disabledAt',
      'last_sign_in as lastSignIn',
    ])
    .$narrowType<{ roles: Role[]; clearance: SecrecyLevel }>()

export const listAccounts = (db: Kysely<DB>, site: string): Promise<Account[]> =>
  accounts(db, site).orderBy('account').execute() as Promise<Account[]>

export const accountByName = (
  db: Kysely<DB>,
  site: string,
  name: string,
): Promise<Account | undefined> =>
  accounts(db, site).where('account', '=', name).executeTakeFirst() as Promise<Account | undefined>

/** Where failures are counted: with the account for strangers, with its last session for a browser that is known. */
export interface Slate {
  table: 'account' | 'session'
  id: string
  failedCount: number
  lockedUntil: Date | null
}

/** The session that a browser had of this account, if it began after `since`. */
export const knownBrowser = (
  db: Kysely<DB>,
  site: string,
  tokenHash: Buffer,
  person: string,
  since: Date,
) =>
  db
    .selectFrom('session')
    .where('site_id', '=', site)
    .where('token_hash', '=', tokenHash)
    .where('person_id', '=', person)
    .where('created_at', '>', since)
    .select(['id', 'failed_count as failedCount', 'locked_until as lockedUntil'])
    .executeTakeFirst()

/** Counts in the database, so that many guesses at once are many failures. Returns how many there are now. */
export async function countFailure(trx: Kysely<DB>, site: string, on: Slate): Promise<number> {
  const { failures } = await trx
    .updateTable(on.table)
    .set((e) => ({ failed_count: e('failed_count', '+', 1) }))
    .where('site_id', '=', site)
    .where('id', '=', on.id)
    .returning('failed_count as failures')
    .executeTakeFirstOrThrow()
  return failures
}

export const lockUntil = (trx: Kysely<DB>, site: string, on: Slate, until: Date | null) =>
  trx
    .updateTable(on.table)
    .set({ locked_until: until })
    .where('site_id', '=', site)
    .where('id', '=', on.id)
    .execute()

/** Also of an account whose strangers are locked out: that ends by itself, or by an officer. */
export const noteSignIn = (db: Kysely<DB>, site: string, id: string, at: Date) =>
  db
    .updateTable('account')
    .set({ last_sign_in: at })
    .where('site_id', '=', site)
    .where('id', '=', id)
    .execute()

/** Forgets the failures; false where there is nothing of that id. */
export async function wipe(
  trx: Kysely<DB>,
  site: string,
  on: Pick<Slate, 'table' | 'id'>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable(on.table)
    .set({ failed_count: 0, locked_until: null })
    .where('site_id', '=', site)
    .where('id', '=', on.id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export const insertSession = (
  db: Kysely<DB>,
  site: string,
  s: { id: string; tokenHash: Buffer; person: string; address: string; at: Date },
) =>
  db
    .insertInto('session')
    .values({
      site_id: site,
      id: s.id,
      token_hash: s.tokenHash,
      person_id: s.person,
      address: s.address,
      created_at: s.at,
      last_used_at: s.at,
    })
    .execute()

const sessions = (db: Kysely<DB>, site: string) =>
  db
    .selectFrom('session as s')
    .innerJoin('account as a', (j) =>
      j.onRef('a.site_id', '=', 's.site_id').onRef('a.id', '=', 's.person_id'),
    )
    .where('s.site_id', '=', site)
    .select([
      's.id as sessionId',
      's.created_at as createdAt',
      's.last_used_at as lastUsedAt',
      's.ended_at as endedAt',
      's.end_reason as endReason',
      'a.id',
      'a.account',
      'a.name',
      'a.roles',
      'a.clearance',
      'a.disabled_at as disabledAt',
    ])
    .$narrowType<{ roles: Role[]; clearance: SecrecyLevel }>()

export const sessionByToken = (db: Kysely<DB>, site: string, tokenHash: Buffer) =>
  sessions(db, site).where('s.token_hash', '=', tokenHash).executeTakeFirst()

export const sessionsById = (db: Kysely<DB>, site: string, ids: string[]) =>
  sessions(db, site).where('s.id', '=', sql<string>`any(${ids}::uuid[])`).execute()

export type SessionRow = NonNullable<Awaited<ReturnType<typeof sessionByToken>>>

export const touchSession = (db: Kysely<DB>, site: string, id: string, at: Date) =>
  db
    .updateTable('session')
    .set({ last_used_at: at })
    .where('site_id', '=', site)
    .where('id', '=', id)
    .where('last_used_at', '<', at)
    .execute()

export const endSession = (
  db: Kysely<DB>,
  site: string,
  id: string,
  reason: 'sign-out' | 'expired' | 'revoked',
  at: Date,
) =>
  db
    .updateTable('session')
    .set({ ended_at: at, end_reason: reason })
    .where('site_id', '=', site)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
