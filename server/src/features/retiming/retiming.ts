/**
 * Times that a gateway told while its clock was in doubt (rule G7): corrected beside the original, by its monotonic
 * clock and a pair of both clocks from when it was good, however they come in. The original is never changed.
 */
import type { Lane } from '@lantai/contracts'
import type { Work } from '../../work.ts'
import { correctAlarms } from '../alarms/alarms.ts'
import { correctEvidence } from '../whereabouts/whereabouts.ts'
import { bucketOf, isDoubtful, type Pair, pairsOf } from './rules.ts'
import {
  type Corrected,
  correctBy,
  type Doubtful,
  insertDoubtful,
  insertPairs,
  linkEntries,
} from './store.ts'

/** Pairs that this process knows to be kept, so that a batch of a good clock costs nothing. */
const kept = new Set<string>()
const mostKept = 10_000

/**
 * In the transaction of a batch, behind the effects of its records, and only of those that took effect. True where a
 * time was corrected that had been told before.
 */
export async function retime(
  work: Work,
  of: { gateway: string; epoch: string; lane: Lane },
  records: readonly Omit<Doubtful, 'epoch'>[],
): Promise<boolean> {
  const at = { site: work.site, gateway: of.gateway }
  const pairs = await newPairs(work, at, pairsOf(of.lane, records))
  const doubtful = records.filter(isDoubtful).map((r) => ({ ...r, epoch: of.epoch }))
  const corrected: Corrected[] = []
  for (const pair of pairs) corrected.push(...(await correctBy(work.trx, at, pair)))
  const earlier = corrected.length > 0
  if (doubtful.length > 0) {
    corrected.push(...(await insertDoubtful(work.trx, at, doubtful, work.now)))
    await linkLedger(work, of, new Set(doubtful.map((d) => d.seq)))
  }
  if (corrected.length === 0) return false
  await correctAlarms(work, of.gateway, corrected)
  await correctEvidence(work, of.gateway, corrected)
  return earlier
}

async function newPairs(work: Work, at: { site: string; gateway: string }, pairs: Pair[]) {
  const keyOf = (p: Pair) => `${at.site}/${at.gateway}/${p.boot}/${p.clock}/${bucketOf(p.mono)}`
  const strange = pairs.filter((p) => !kept.has(keyOf(p)))
  if (strange.length === 0) return []
  const added = await insertPairs(work.trx, at, strange)
  work.afterCommit(() => {
    if (kept.size > mostKept) kept.clear()
    for (const p of strange) kept.add(keyOf(p))
  })
  return added
}

/** Entries of this transaction that tell of such a record: they name it. */
async function linkLedger(
  work: Work,
  { gateway, epoch }: { gateway: string; epoch: string },
  seqs: ReadonlySet<string>,
) {
  const entries = work.ledger.entries.flatMap(({ id, object }) => {
    const { seq, gateway: by } = object
    const ours = by === gateway && typeof seq === 'string' && seqs.has(seq)
    return ours ? [{ id, seq }] : []
  })
  if (entries.length > 0) await linkEntries(work.trx, { site: work.site, gateway }, epoch, entries)
}
