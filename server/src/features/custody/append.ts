import type { KeyObject } from 'node:crypto'
import { randomBytes } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { originOf, signCheckpoint } from './checkpoint.ts'
import { type LedgerEntry, leafBytes, storableEntry } from './entry.ts'
import { append, emptyTree, leafHash, rootOf } from './merkle.ts'
import {
  insertCheckpoint,
  insertEntries,
  insertHead,
  insertNodes,
  type LogKey,
  lockLog,
  newestHead,
} from './store.ts'

/**
 * Appends entries as one batch inside the business transaction (rule L3): lock, read head, leaves, nodes, head and
 * one checkpoint, signed by every key. Without any (imports run where no key is) the server signs the head at its next start.
 * Returns the new size.
 */
export async function appendEntries(
  trx: Transaction<DB>,
  k: LogKey,
  list: readonly LedgerEntry[],
  now: Date,
  keys: readonly KeyObject[],
): Promise<number> {
  await lockLog(trx, k)
  const head = (await newestHead(trx, k)) ?? emptyTree
  const stored = list.map(storableEntry).map((e, i) => ({
    index: head.size + i,
    id: e.id,
    event: e.event,
    at: e.at ?? now,
    box: e.box ?? null,
    actor: e.actor.name,
    outcome: e.outcome,
    detail: e.detail,
    leaf: leafBytes(e, { ...k, at: now, salt: randomBytes(16).toString('base64') }),
  }))
  const { tree, nodes } = append(
    head,
    stored.map((s) => leafHash(s.leaf)),
  )
  const next = { size: tree.size, peaks: [...tree.peaks], root: rootOf(tree) }
  await insertEntries(trx, k, stored)
  await insertNodes(trx, k, nodes)
  await insertHead(trx, k, next, now)
  if (keys.length > 0) {
    const note = signCheckpoint(originOf(k.site, k.log), next, ...keys)
    await insertCheckpoint(trx, k, next.size, note)
  }
  return next.size
}
