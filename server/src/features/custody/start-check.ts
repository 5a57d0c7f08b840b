import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Context } from '../../context.ts'
import { raiseServerCondition } from '../alarms/alarms.ts'
import { append, emptyTree, leafHash, rootOf } from './merkle.ts'
import { currentCheckpoint, rootAt } from './proofs.ts'
import {
  entriesBefore,
  insertCheckpoint,
  newestAnchors,
  newestHead,
  nodesAt,
  type StoredEntry,
} from './store.ts'
import { openCheckpoint } from './verify.ts'

const condition = {
  key: 'ledger',
  kind: 'ledgerInconsistent',
  priority: 1,
  where: { room: null, bank: null, device: null, box: null, label: null },
} as const

/** Custody writes stay closed until two persons have opened a new log; everything else goes on (rule L7). */
export async function closeLedger(ctx: Context, why: string) {
  if (ctx.ledger.closed) return
  ctx.ledger.close(why)
  ctx.log.error({ why }, 'custody writes are closed')
  const where = { ...condition.where, label: why.slice(0, 120) }
  await ctx.write((work) => raiseServerCondition(work, { ...condition, where, active: true }))
}

/**
 * Compares the database with the newest anchors before anything is recorded (rule L7): the file that this server
 * keeps outside the database, and what the witnesses said. Signs a head that an import left unsigned.
 */
export async function checkLedgerAtStart(ctx: Context, anchorFile: string): Promise<void> {
  await signHead(ctx)
  const fault =
    (await headFault(ctx)) ?? (await fileFault(ctx, anchorFile)) ?? (await anchorFault(ctx))
  if (fault) await closeLedger(ctx, fault)
}

async function signHead(ctx: Context) {
  const head = await newestHead(ctx.db, ctx.ledger.key)
  if (!head) return
  const { size } = await currentCheckpoint(ctx)
  if (size === head.size) return
  await ctx.write(({ trx }) =>
    insertCheckpoint(trx, ctx.ledger.key, head.size, ctx.ledger.sign(head)),
  )
}

async function headFault(ctx: Context): Promise<string | null> {
  const k = ctx.ledger.key
  const head = await newestHead(ctx.db, k)
  if (!head) return null
  const { note } = await currentCheckpoint(ctx)
  const opened = openCheckpoint(note, ctx.ledger.publicKey)
  if (!opened.ok) return `the newest checkpoint: ${opened.wrong}`
  const root = await rootAt(ctx.db, k, head.size)
  if (!root.equals(opened.checkpoint.root) || !rootOf(head).equals(root))
    return `the tree of ${head.size} entries does not have the root that was signed`
  const node = head.size <= wholeTreeLimit ? await nodeFault(ctx, head.size) : null
  if (node) return node
  const newest = await entriesBefore(ctx.db, k, head.size, 1000)
  const hashOf = await nodesAt(
    ctx.db,
    k,
    newest.map((e) => ({ level: 0, index: e.index })),
  )
  const bad = newest.find((e) => !leafHash(e.leaf).equals(hashOf(0, e.index)) || !agrees(e))
  return bad ? `entry ${bad.index} is not what was hashed` : null
}

/** Rebuilt from the leaf hashes, every stored node must be what it was; 100,000 entries take a fraction of a second. */
const wholeTreeLimit = 100_000

async function nodeFault(ctx: Context, size: number): Promise<string | null> {
  const k = ctx.ledger.key
  const leaves = Array.from({ length: size }, (_, index) => ({ level: 0, index }))
  const hashOf = await nodesAt(ctx.db, k, leaves)
  const { nodes } = append(
    emptyTree,
    leaves.map((l) => hashOf(0, l.index)),
  )
  const stored = await nodesAt(ctx.db, k, nodes)
  const bad = nodes.find((n) => !stored(n.level, n.index).equals(n.hash))
  return bad ? `node ${bad.level}/${bad.index} of the tree was changed` : null
}

/** Columns are projections of the bytes (rule L2). */
function agrees(e: StoredEntry): boolean {
  const said = JSON.parse(e.leaf.toString('utf8'))
  return (
    said.id === e.id &&
    said.event === e.event &&
    said.box === e.box &&
    said.outcome === e.outcome &&
    said.detail === e.detail &&
    said.actor.name === e.actor &&
    said.at === e.at.toISOString()
  )
}

async function fileFault(ctx: Context, anchorFile: string): Promise<string | null> {
  const note = await readFile(anchorFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (note === null) return null
  const opened = openCheckpoint(note, ctx.ledger.publicKey)
  if (!opened.ok) return `the kept checkpoint: ${opened.wrong}`
  return await anchorDiffers(ctx, 'the kept checkpoint', opened.checkpoint)
}

async function anchorFault(ctx: Context): Promise<string | null> {
  // Also a word that did not agree: a restart must not open what it closed. One that only refused agrees still.
  for (const a of await newestAnchors(ctx.db, ctx.ledger.key, true)) {
    if (a.size === 0) continue
    const fault = await anchorDiffers(ctx, `witness ${a.witness}`, a)
    if (fault) return fault
  }
  return null
}

async function anchorDiffers(ctx: Context, name: string, anchor: { size: number; root: Buffer }) {
  const { size } = await currentCheckpoint(ctx)
  if (anchor.size > size) return `${name} has ${anchor.size} entries, the database has ${size}`
  const root = await rootAt(ctx.db, ctx.ledger.key, anchor.size)
  return root.equals(anchor.root) ? null : `${name} has another root at size ${anchor.size}`
}

/** Keeps the newest checkpoint outside the database: every 5 min and at shutdown (rule L6). */
export async function keepCheckpoint(ctx: Context, anchorFile: string) {
  const { size, note } = await currentCheckpoint(ctx)
  if (size === 0 || ctx.ledger.closed) return
  await writeFile(`${anchorFile}.new`, note, { mode: 0o600, flush: true })
  await rename(`${anchorFile}.new`, anchorFile)
}
