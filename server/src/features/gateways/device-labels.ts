import type { Kysely } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

/** What people call the devices of a gateway, as its device file says. */
export async function deviceLabels(
  db: Kysely<DB>,
  site: string,
  gateway: string,
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('device_health')
    .select(['device', 'label'])
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .execute()
  return new Map(rows.map((r) => [r.device, r.label]))
}
