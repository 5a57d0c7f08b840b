import type { Address, StackLayout } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { Work } from '../../work.ts'
import type { Home } from './store.ts'
import { layoutBody, newestLayoutVersion, raiseVersion, readHomes } from './store.ts'

export { columnOf, sameShelf, wayTo } from './steel.ts'
export type { Home } from './store.ts'
export { boxAt, boxesByColumn } from './store.ts'

/** A layout version never changes, so that one read of it serves the life of the process. */
const layouts = new Map<string, { version: number; layout: StackLayout }>()

/** The newest layout; null before the first import. */
export async function findLayout(db: Kysely<DB>, site: string): Promise<StackLayout | null> {
  const version = await newestLayoutVersion(db, site)
  if (version === null) return null
  const known = layouts.get(site)
  if (known?.version === version) return known.layout
  const layout = await layoutBody(db, site, version)
  layouts.set(site, { version, layout })
  return layout
}

export async function currentLayout(db: Kysely<DB>, site: string): Promise<StackLayout> {
  const layout = await findLayout(db, site)
  if (!layout) throw new DomainError('not-found', 'no layout has been imported yet')
  return layout
}

/** Home places down to the slot; a box without one is not in the map. */
export const homesOf = (
  db: Kysely<DB>,
  site: string,
  boxes: readonly string[],
): Promise<Map<string, Home>> => readHomes(db, site, boxes)

export async function homeOf(db: Kysely<DB>, site: string, box: string): Promise<Home | null> {
  return (await readHomes(db, site, [box])).get(box) ?? null
}

/**
 * Says that what the plan shows of these boxes has changed: their faces, and the totals where boxes came, went or
 * were lent. To be called in the transaction of the change.
 */
export async function touchStack(
  work: Work,
  changed: { boxes: readonly string[]; places: readonly (Address | null)[]; totals: boolean },
): Promise<void> {
  await raiseVersion(work.trx, work.site)
  const faces = changed.places.flatMap((p) => (p ? [`${p.column}${p.side}`] : []))
  work.live.add('stack', {
    faces: [...new Set(faces)],
    boxes: [...changed.boxes],
    totals: changed.totals,
  })
}
