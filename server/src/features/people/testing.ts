import { randomUUID } from 'node:crypto'
import type { Role, SecrecyLevel } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { cookieName } from '../../http/access.ts'
import { hashPassword, openSession } from './people.ts'

/** The password of every account that tests make; hashed once, because hashing is slow on purpose. */
export const testPassword = 'correct horse battery staple'
let hash: Promise<string> | undefined

export async function addAccount(
  ctx: Context,
  roles: Role[],
  clearance: SecrecyLevel = 'internal',
): Promise<{ id: string; account: string }> {
  hash ??= hashPassword(testPassword)
  const id = randomUUID()
  const account = `a-${id.slice(0, 8)}`
  await ctx.db
    .insertInto('account')
    .values({
      site_id: ctx.site,
      id,
      account,
      name: `测试 ${roles[0]}`,
      roles,
      clearance,
      password_hash: await hash,
    })
    .execute()
  return { id, account }
}

/** A new person with these roles, signed in: the cookie header to send. */
export async function cookieFor(
  ctx: Context,
  roles: Role[],
  clearance?: SecrecyLevel,
): Promise<string> {
  const { id } = await addAccount(ctx, roles, clearance)
  const { token } = await openSession(ctx.db, ctx.site, id, '127.0.0.1', nowOf(ctx))
  return `${cookieName}=${token}`
}
