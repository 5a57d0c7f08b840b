import type { DeviceFile, DriverInfo, RunningDevice } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

type Db = Kysely<DB>

export interface GatewayConfigRow {
  gateway: string
  desired_version: number | null
  desired_at: Date | null
  reported_version: number | null
  reported_sha256: string | null
  reported_at: Date | null
  judged_version: number | null
  running: RunningDevice[]
  drivers: DriverInfo[]
}

const asRow = (
  r: Omit<GatewayConfigRow, 'running' | 'drivers'> & { running: unknown; drivers: unknown },
) => ({ ...r, running: r.running, drivers: r.drivers }) as GatewayConfigRow

/** What is wanted of each gateway and what it runs. */
export async function configRows(db: Db, site: string): Promise<GatewayConfigRow[]> {
  const rows = await db
    .selectFrom('gateway_config')
    .selectAll()
    .where('site_id', '=', site)
    .execute()
  return rows.map(asRow)
}

export async function configRow(
  db: Db,
  site: string,
  gateway: string,
): Promise<GatewayConfigRow | null> {
  const row = await db
    .selectFrom('gateway_config')
    .selectAll()
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .executeTakeFirst()
  return row ? asRow(row) : null
}

/** Makes the row where there is none, and locks it: changes of one gateway's list come one after the other. */
export async function lockConfig(
  trx: Db,
  site: string,
  gateway: string,
): Promise<GatewayConfigRow> {
  await trx
    .insertInto('gateway_config')
    .values({ site_id: site, gateway })
    .onConflict((c) => c.doNothing())
    .execute()
  const row = await trx
    .selectFrom('gateway_config')
    .selectAll()
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return asRow(row)
}

// ---------------------------------------------------------------- versions

export interface NewVersion {
  version: number
  body: string
  sha256: string
  byId: string | null
  by: string
  at: Date
  reason: string
  withoutContacts: readonly string[]
  origin: 'server' | 'gateway'
}

/** False when there is such a version already: a version is never replaced. */
export async function addVersion(trx: Db, site: string, gateway: string, v: NewVersion) {
  const { rows } = await sql`
    insert into custody_config_version
      (site_id, gateway, version, body, sha256, by_id, by_name, at, reason, without_contacts, origin)
    values (${site}, ${gateway}, ${v.version}, ${v.body}, ${v.sha256}, ${v.byId}, ${v.by}, ${v.at},
      ${v.reason}, ${[...v.withoutContacts]}::text[], ${v.origin})
    on conflict do nothing returning version`.execute(trx)
  return rows.length > 0
}

export interface VersionRow {
  version: number
  sha256: string
  by_name: string
  at: Date
  reason: string
  origin: 'server' | 'gateway'
  without_contacts: string[]
  state: 'applied' | 'rejected' | null
  judged_at: Date | null
  errors: string[] | null
}

/** Newest first, without their bodies. A judgement of other content under the same number is not of this version. */
export async function versionRows(db: Db, site: string, gateway: string, only?: number) {
  const { rows } = await sql<VersionRow>`
    select v.version, v.sha256, v.by_name, v.at, v.reason, v.origin, v.without_contacts,
      j.state, j.judged_at, j.errors
    from custody_config_version v
    left join config_judgement j on (j.site_id, j.gateway, j.version, j.sha256)
      = (v.site_id, v.gateway, v.version, v.sha256)
    where v.site_id = ${site} and v.gateway = ${gateway}
      and (${only ?? null}::int is null or v.version = ${only ?? null}::int)
    order by v.version desc limit 500`.execute(db)
  return rows
}

export async function bodyOf(
  db: Db,
  site: string,
  gateway: string,
  version: number,
): Promise<DeviceFile | null> {
  const row = await db
    .selectFrom('custody_config_version')
    .select('body')
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ? (JSON.parse(row.body) as DeviceFile) : null
}

export async function newestVersion(db: Db, site: string, gateway: string): Promise<number | null> {
  const { rows } = await sql<{ n: number | null }>`select max(version) as n
    from custody_config_version where site_id = ${site} and gateway = ${gateway}`.execute(db)
  return rows[0]?.n ?? null
}

export const setDesired = (trx: Db, site: string, gateway: string, version: number, at: Date) =>
  trx
    .updateTable('gateway_config')
    .set({ desired_version: version, desired_at: at })
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .execute()

// ---------------------------------------------------------------- what a gateway says

export interface Reported {
  version: number
  sha256: string
  judgedVersion: number | null
  running: readonly RunningDevice[]
  drivers: readonly DriverInfo[]
}

export const storeReported = (trx: Db, site: string, gateway: string, r: Reported, at: Date) =>
  trx
    .updateTable('gateway_config')
    .set({
      reported_version: r.version,
      reported_sha256: r.sha256,
      reported_at: at,
      judged_version: r.judgedVersion,
      running: JSON.stringify(r.running),
      drivers: JSON.stringify(r.drivers),
    })
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .execute()

export interface Judgement {
  version: number
  sha256: string
  state: 'applied' | 'rejected'
  at: Date
  errors: readonly string[]
}

export const storeJudgement = (trx: Db, site: string, gateway: string, j: Judgement) =>
  sql`insert into config_judgement (site_id, gateway, version, sha256, state, judged_at, errors)
    values (${site}, ${gateway}, ${j.version}, ${j.sha256}, ${j.state}, ${j.at}, ${[...j.errors]}::text[])
    on conflict (site_id, gateway, version) do update set sha256 = excluded.sha256,
      state = excluded.state, judged_at = excluded.judged_at, errors = excluded.errors`.execute(trx)
