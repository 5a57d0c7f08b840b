import type { CustodyEntry } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { Context } from '../../context.ts'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import { correctedTimes } from '../retiming/times.ts'
import {
  consistencyRanges,
  emptyRoot,
  inclusionRanges,
  proofOf,
  type Range,
  subtreesOf,
} from './merkle.ts'
import {
  entriesBefore,
  entriesOfBox,
  entryAt,
  type LogKey,
  newestAnchors,
  newestCheckpoint,
  nodesAt,
  type StoredEntry,
} from './store.ts'

async function hashesOf(db: Kysely<DB>, k: LogKey, ranges: Range[]): Promise<Buffer[]> {
  const hashOf = await nodesAt(db, k, ranges.flatMap(subtreesOf))
  return proofOf(ranges, hashOf)
}

/** The root that the tree had when it held `size` entries, from its stored nodes. */
export async function rootAt(db: Kysely<DB>, k: LogKey, size: number): Promise<Buffer> {
  if (size === 0) return emptyRoot()
  const [root] = await hashesOf(db, k, [[0, size]])
  return root as Buffer
}

export const consistencyProof = (db: Kysely<DB>, k: LogKey, from: number, to: number) =>
  hashesOf(db, k, consistencyRanges(from, to))

/** The newest signed checkpoint; of the empty tree while nothing was recorded. */
export async function currentCheckpoint(ctx: Context): Promise<{ size: number; note: string }> {
  const stored = await newestCheckpoint(ctx.db, ctx.ledger.key)
  return stored ?? { size: 0, note: ctx.ledger.sign({ size: 0, root: emptyRoot() }) }
}

export async function describeCheckpoint(ctx: Context) {
  const { size, note } = await currentCheckpoint(ctx)
  const anchors = await newestAnchors(ctx.db, ctx.ledger.key)
  return {
    checkpoint: note,
    publicKey: ctx.ledger.publicKey,
    size,
    witnesses: anchors.map((a) => ({ name: a.witness, size: a.size, at: a.at.toISOString() })),
  }
}

export async function proveEntry(ctx: Context, index: number) {
  const k = ctx.ledger.key
  const { size, note } = await currentCheckpoint(ctx)
  const entry = await entryAt(ctx.db, k, index)
  if (!entry || index >= size) throw new DomainError('not-found')
  const proof = await hashesOf(ctx.db, k, inclusionRanges(index, size))
  return {
    index,
    size,
    leaf: entry.leaf.toString('base64'),
    proof: proof.map((h) => h.toString('base64')),
    checkpoint: note,
  }
}

export async function proveConsistency(ctx: Context, from: number, to: number) {
  const { size } = await currentCheckpoint(ctx)
  if (from > to || to > size)
    throw new DomainError('bad-request', `sizes must rise and not pass ${size}`)
  const proof = await consistencyProof(ctx.db, ctx.ledger.key, from, to)
  return { from, to, proof: proof.map((h) => h.toString('base64')) }
}

export async function listEntries(ctx: Context, before: number | undefined, limit = 50) {
  const { size } = await currentCheckpoint(ctx)
  const rows = await entriesBefore(ctx.db, ctx.ledger.key, before ?? size, limit)
  return { entries: await viewsOf(ctx, rows), size }
}

/** Custody passport of one box, newest first. */
export async function passportOf(ctx: Context, box: string) {
  return { entries: await viewsOf(ctx, await entriesOfBox(ctx.db, ctx.ledger.key, box, 200)) }
}

/** A time that was told by a clock in doubt stands as it was hashed, and the corrected one beside it (G7). */
async function viewsOf(ctx: Context, rows: readonly StoredEntry[]): Promise<CustodyEntry[]> {
  const ids = rows.map((r) => r.id)
  const corrected = await correctedTimes(ctx.db, ctx.site, ids)
  return rows.map((r) => ({ ...view(r), correctedAt: corrected.get(r.id)?.toISOString() ?? null }))
}

const view = (e: StoredEntry): Omit<CustodyEntry, 'correctedAt'> => ({
  index: e.index,
  id: e.id,
  event: e.event as CustodyEntry['event'],
  at: e.at.toISOString(),
  box: e.box,
  actor: e.actor,
  outcome: e.outcome as CustodyEntry['outcome'],
  detail: e.detail,
})
