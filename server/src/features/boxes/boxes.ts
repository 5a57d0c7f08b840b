import type { SecrecyLevel } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { levelOf } from './levels.ts'
import {
  boxByCode,
  boxByEpc,
  boxesByCodes,
  boxesByEpcs,
  boxesByIds,
  boxesByPrefix,
  upsertNumbered,
} from './store.ts'
import { typedEpc } from './typed-epc.ts'

export { levelOf, rankOf } from './levels.ts'
export { boxState } from './state.ts'
export { countBoxes } from './store.ts'
export { typedEpc } from './typed-epc.ts'

export interface Box {
  readonly id: string
  readonly code: string
  /** The name of its tag for life; a read of it is a claim, not a proof. */
  readonly epc: string
  readonly spineMm: number
  /** The highest level of its files. */
  readonly secrecy: SecrecyLevel
}

type Db = Kysely<DB>
type Row = NonNullable<Awaited<ReturnType<typeof boxByCode>>>

export async function findBox(db: Db, site: string, code: string): Promise<Box | null> {
  const row = await boxByCode(db, site, code)
  return row ? boxOf(row) : null
}

/** By the printed code or by an EPC, typed or as a desk reader gives it; null when it is no box of this site. */
export async function findBoxByCodeOrEpc(db: Db, site: string, text: string): Promise<Box | null> {
  const epc = typedEpc(text)
  const row = epc
    ? await boxByEpc(db, site, epc)
    : await boxByCode(db, site, text.trim().toUpperCase())
  return row ? boxOf(row) : null
}

/** Keeps which boxes tags named by a numbering of the archive's own, for who looks for one by its EPC. */
export async function rememberNumbered(
  db: Db,
  site: string,
  boxes: ReadonlyMap<string, Box>,
): Promise<void> {
  if (boxes.size > 0) await upsertNumbered(db, site, boxes)
}

export async function findBoxesByEpc(
  db: Db,
  site: string,
  epcs: readonly string[],
): Promise<Map<string, Box>> {
  if (epcs.length === 0) return new Map()
  return new Map((await boxesByEpcs(db, site, epcs)).map((r) => [r.epc, boxOf(r)]))
}

export async function findBoxesByCode(
  db: Db,
  site: string,
  codes: readonly string[],
): Promise<Map<string, Box>> {
  if (codes.length === 0) return new Map()
  return new Map((await boxesByCodes(db, site, codes)).map((r) => [r.code, boxOf(r)]))
}

export async function findBoxesById(
  db: Db,
  site: string,
  ids: readonly string[],
): Promise<Map<string, Box>> {
  if (ids.length === 0) return new Map()
  return new Map((await boxesByIds(db, site, ids)).map((r) => [r.box_id, boxOf(r)]))
}

export async function completeCode(
  db: Db,
  site: string,
  prefix: string,
  limit: number,
): Promise<Box[]> {
  return (await boxesByPrefix(db, site, prefix, limit)).map(boxOf)
}

const boxOf = (r: Row): Box => ({
  id: r.box_id,
  code: r.code,
  epc: r.epc,
  spineMm: r.spine_mm,
  secrecy: levelOf(r.secrecy),
})
