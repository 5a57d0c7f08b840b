import type { Context } from '../../context.ts'
import { keepCheckpoint } from './start-check.ts'
import { newestKeyChange } from './store.ts'

/**
 * The change of the ledger's key as an entry that both keys have signed, once (rule L5). The checkpoint is kept at once,
 * signed by both too, so that the log is known under either from then on.
 */
export async function recordKeyChange(ctx: Context, anchorFile: string): Promise<void> {
  const { change, key, closed } = ctx.ledger
  if (!change || closed) return
  if ((await newestKeyChange(ctx.db, key)) !== change.to)
    await ctx.write(async ({ ledger }) => {
      ledger.add({
        ...{ event: 'key.changed', actor: { name: 'server' }, outcome: 'success' },
        ...{ detail: change.to, object: change },
      })
    })
  await keepCheckpoint(ctx, anchorFile)
  ctx.log.warn({ from: change.from, to: change.to }, 'the key of the ledger is being changed')
}
