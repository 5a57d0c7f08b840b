import { randomUUID } from 'node:crypto'
import type { Witness, Witnessed } from '@lantai/contracts'
import type { Static } from 'typebox'
import type { Context } from '../../context.ts'
import { consistencyProof, currentCheckpoint, rootAt } from './proofs.ts'
import { closeLedger } from './start-check.ts'
import { insertAnchor, newestAnchors } from './store.ts'

/**
 * The newest checkpoint with a proof from the size that the witness keeps (rule L6). Null while the log is empty,
 * or when the witness keeps more than we have: then the database is behind an anchor and custody closes (rule L7).
 */
export async function witnessFrom(
  ctx: Context,
  witness: string,
  keptSize: number | null,
): Promise<Static<typeof Witness> | null> {
  const { size, note } = await currentCheckpoint(ctx)
  const from = keptSize ?? 0
  if (from > size) {
    await closeLedger(ctx, `witness ${witness} keeps ${from} entries, the database has ${size}`)
    return null
  }
  if (size === 0) return null
  const proof = await consistencyProof(ctx.db, ctx.ledger.key, from, size)
  return { checkpoint: note, fromSize: from, consistency: proof.map((h) => h.toString('base64')) }
}

/**
 * Stores what a witness says it keeps. Its root is compared with ours: it may know better, and then custody closes.
 * True when its word agrees with the database, whether or not it took the newest checkpoint.
 */
export async function takeWitnessed(
  ctx: Context,
  witness: string,
  w: Static<typeof Witnessed>,
): Promise<boolean> {
  const agrees = await agreesWith(ctx, w)
  await ctx.write(async ({ trx, now }) => {
    const root = Buffer.from(w.root, 'base64')
    const ok = w.ok && agrees
    const anchor = { witness, size: w.size, root, ok, at: new Date(w.at), receivedAt: now }
    await insertAnchor(trx, ctx.ledger.key, { ...anchor, id: randomUUID(), detail: w.detail })
  })
  if (!agrees) await closeLedger(ctx, `witness ${witness} keeps another root at size ${w.size}`)
  else if (!w.ok) ctx.log.warn({ witness, detail: w.detail }, 'a witness refused the checkpoint')
  return agrees
}

async function agreesWith(ctx: Context, w: Static<typeof Witnessed>): Promise<boolean> {
  // It keeps nothing yet.
  if (w.size === 0) return true
  const { size } = await currentCheckpoint(ctx)
  if (w.size > size) return false
  const root = await rootAt(ctx.db, ctx.ledger.key, w.size)
  return root.equals(Buffer.from(w.root, 'base64'))
}

/** The newest good word from outside; undefined while nobody keeps anything. */
export async function newestWitness(ctx: Context) {
  const anchors = await newestAnchors(ctx.db, ctx.ledger.key)
  return anchors.sort((a, b) => b.size - a.size)[0]
}
