import type { Context } from '../../context.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { insertAccess } from './store.ts'

/**
 * Somebody looked at everything that is held about one person or unit. Stored before the answer is given: what
 * cannot be recorded is not shown (reliability 4.6). The log names the row, never the person's number.
 */
export async function householdSeen(ctx: Context, who: SignedIn, subject: string, files: number) {
  await ctx.write(({ trx, site, now }) =>
    insertAccess(trx, site, { at: now, person: who, act: 'household', subject, file: null, files }),
  )
  ctx.log.info({ person: who.id, subject, files }, 'household query')
}

/** Somebody read a file above internal. */
export async function classifiedFileSeen(ctx: Context, who: SignedIn, file: string) {
  await ctx.write(({ trx, site, now }) =>
    insertAccess(trx, site, { at: now, person: who, act: 'file', subject: null, file, files: 1 }),
  )
  ctx.log.info({ person: who.id, file }, 'classified file read')
}
