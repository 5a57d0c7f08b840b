import type { ConfigSummary, Facets, RunningDevice } from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'
import { driftOf } from './drift.ts'

interface Row {
  gateway: string
  desired_version: number | null
  desired_sha256: string | null
  reported_version: number | null
  reported_sha256: string | null
  kept_sha256: string | null
  state: 'applied' | 'rejected' | null
}

/** Wanted and running version of every gateway, and what keeps them apart. */
export async function configSummaries(
  db: Kysely<DB>,
  site: string,
): Promise<Map<string, ConfigSummary>> {
  const { rows } = await sql<Row>`
    select c.gateway, c.desired_version, d.sha256 as desired_sha256, c.reported_version, c.reported_sha256,
      k.sha256 as kept_sha256, j.state
    from gateway_config c
    left join custody_config_version d on (d.site_id, d.gateway, d.version)
      = (c.site_id, c.gateway, c.desired_version)
    left join custody_config_version k on (k.site_id, k.gateway, k.version)
      = (c.site_id, c.gateway, c.reported_version)
    left join config_judgement j on (j.site_id, j.gateway, j.version, j.sha256)
      = (c.site_id, c.gateway, c.desired_version, d.sha256)
    where c.site_id = ${site}`.execute(db)
  return new Map(rows.map((r) => [r.gateway, summaryOf(r)]))
}

function summaryOf(r: Row): ConfigSummary {
  const named = (version: number | null, sha256: string | null) =>
    version === null || sha256 === null ? null : { version, sha256 }
  const drift = driftOf({
    desired: named(r.desired_version, r.desired_sha256),
    reported: named(r.reported_version, r.reported_sha256),
    judged: r.state,
    kept: r.kept_sha256 === null ? null : { sha256: r.kept_sha256 },
  })
  return { desiredVersion: r.desired_version, reportedVersion: r.reported_version, drift }
}

/** What every running device gives its room, by gateway. */
export async function runningFacets(
  db: Kysely<DB>,
  site: string,
): Promise<Map<string, { device: string; facets: Facets }[]>> {
  const rows = await db
    .selectFrom('gateway_config')
    .select(['gateway', 'running'])
    .where('site_id', '=', site)
    .execute()
  return new Map(
    rows.map(({ gateway, running }) => [
      gateway,
      (running as unknown as RunningDevice[]).map((r) => ({
        device: r.entry.id,
        facets: r.facets,
      })),
    ]),
  )
}
