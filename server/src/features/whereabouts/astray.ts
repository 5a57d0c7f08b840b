import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

/** Boxes that a reader or a gate heard last, and nobody since: not known to be on a shelf. */
export async function heardElsewhere(db: Kysely<DB>, site: string): Promise<string[]> {
  const { rows } = await sql<{ box_id: string }>`
    select box_id from belief
    where site_id = ${site} and place is null and kind in ('sighting', 'passage')`.execute(db)
  return rows.map((r) => r.box_id)
}
