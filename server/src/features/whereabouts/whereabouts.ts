import type { Belief } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import type { Work } from '../../work.ts'
import { confidenceAt, decisive, type Evidence, notAhead } from './rules.ts'
import {
  type BeliefRow,
  beliefRows,
  decidingEvidence,
  evidenceRows,
  insertEvidence,
  replaceBeliefs,
  shiftEvidence,
  upsertBeliefs,
} from './store.ts'

export type { Evidence } from './rules.ts'

/** Keeps what was claimed and moves the belief of each box. The one door for everything that tells of a place. */
export async function addEvidence(
  work: Pick<Work, 'trx' | 'site' | 'now'>,
  list: readonly Evidence[],
): Promise<void> {
  if (list.length === 0) return
  await insertEvidence(work.trx, work.site, list, work.now)
  const deciding = decisive(notAhead(list, work.now))
  if (deciding.length > 0) await upsertBeliefs(work.trx, work.site, deciding)
}

/** Records of a gateway turn out to be of another time (G7): their evidence keeps what was told, beliefs follow the truth. */
export async function correctEvidence(
  work: Pick<Work, 'trx' | 'site'>,
  gateway: string,
  corrected: readonly { epoch: string; seq: string; told: Date; at: Date }[],
): Promise<void> {
  const boxes = await shiftEvidence(work.trx, work.site, gateway, corrected)
  if (boxes.length === 0) return
  const deciding = await decidingEvidence(work.trx, work.site, boxes)
  if (deciding.length > 0) await replaceBeliefs(work.trx, work.site, deciding)
}

/** Place, confidence and last evidence of each box that anything is known of, as of `now`. */
export async function beliefsOf(
  db: Kysely<DB>,
  site: string,
  boxIds: readonly string[],
  now: Date,
): Promise<Map<string, Belief>> {
  if (boxIds.length === 0) return new Map()
  const rows = await beliefRows(db, site, boxIds)
  return new Map(rows.map((r) => [r.boxId, beliefOf(r, now)]))
}

const beliefOf = (r: BeliefRow, now: Date): Belief => ({
  place: r.place,
  placeLabel: r.placeLabel,
  confidence: confidenceAt(r, now),
  evidence: {
    ...{ kind: r.kind, at: r.at.toISOString(), by: r.by },
    ...(r.corrected ? { corrected: true as const } : {}),
  },
})

/** The evidence of one box, newest first. */
export async function evidenceOf(db: Kysely<DB>, site: string, boxId: string) {
  const rows = await evidenceRows(db, site, boxId, 200)
  return rows.map((r) => ({
    ...r,
    at: r.at.toISOString(),
    correctedAt: r.correctedAt?.toISOString() ?? null,
  }))
}
