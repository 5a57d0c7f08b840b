import type {
  BlindTimes,
  ClockQuality,
  DeviceHealth,
  DeviceHealthState,
  GatewayState,
} from '@lantai/contracts'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

export const gatewayRows = (db: Kysely<DB>, site: string) =>
  db
    .selectFrom('gateway')
    .selectAll()
    .where('site_id', '=', site)
    .orderBy('gateway')
    .$narrowType<{ clock: ClockQuality | null }>()
    .execute()
export type GatewayRow = Awaited<ReturnType<typeof gatewayRows>>[number]

/** Makes the row where there is none, and locks it. */
export async function lockGateway(trx: Kysely<DB>, site: string, gateway: string) {
  await trx
    .insertInto('gateway')
    .values({ site_id: site, gateway })
    .onConflict((c) => c.doNothing())
    .execute()
  return await trx
    .selectFrom('gateway')
    .selectAll()
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export const storeBirth = (
  trx: Kysely<DB>,
  site: string,
  gateway: string,
  s: GatewayState,
  at: Date,
) =>
  sql`update gateway set
      since = case when online then coalesce(since, ${at}) else ${at} end, online = true,
      last_heard = ${at}, boot = ${s.boot}, conn = ${s.conn}, epoch = coalesce(${s.epoch ?? null}, epoch),
      software = ${s.software ?? null}, contract = ${s.contract ?? null},
      config_hash = ${s.configHash ?? null}, clock = ${s.clock ?? null},
      console_url = ${s.consoleUrl ?? null}, witnessed_size = ${s.witnessedSize ?? null}
    where site_id = ${site} and gateway = ${gateway}`.execute(trx)

export const storeDeath = (trx: Kysely<DB>, site: string, gateway: string, at: Date) =>
  sql`update gateway set since = case when online then ${at} else since end, online = false
    where site_id = ${site} and gateway = ${gateway}`.execute(trx)

export const storeHeard = (trx: Kysely<DB>, site: string, gateway: string, at: Date) =>
  sql`update gateway set last_heard = ${at},
      since = case when online then since else ${at} end, online = true
    where site_id = ${site} and gateway = ${gateway}`.execute(trx)

export const storeWitnessed = (
  trx: Kysely<DB>,
  site: string,
  gateway: string,
  size: number,
  at: Date,
) =>
  trx
    .updateTable('gateway')
    .set({ witnessed_size: size, witnessed_at: at })
    .where('site_id', '=', site)
    .where('gateway', '=', gateway)
    .execute()

/**
 * Rises with every call, whatever the wall clock does; the time is in it so that it also rises over a restored
 * database.
 */
export async function nextRosterVersion(
  db: Kysely<DB>,
  site: string,
  gateway: string,
  nowMs: number,
): Promise<number> {
  const { rows } = await sql<{ version: number }>`update gateway
    set roster_version = greatest(coalesce(roster_version, 0) + 1, ${Math.floor(nowMs)}::bigint)
    where site_id = ${site} and gateway = ${gateway} returning roster_version as version`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new Error(`gateway ${gateway} has no row`)
  return row.version
}

export async function storeDevices(
  trx: Kysely<DB>,
  site: string,
  gateway: string,
  devices: readonly DeviceHealth[],
  at: Date,
) {
  // The last word about each device: one statement cannot touch the same row twice.
  const last = [...new Map(devices.map((d) => [d.device, d])).values()]
  if (last.length === 0) return
  await trx
    .insertInto('device_health')
    .values(
      last.map((d) => ({
        site_id: site,
        gateway,
        device: d.device,
        driver: d.driver,
        label: d.label,
        state: d.state,
        since: d.since,
        detail: d.detail,
        firmware: d.firmware,
        bad_frames: d.badFrames,
        simulated: d.simulated ?? false,
        updated_at: at,
      })),
    )
    .onConflict((c) =>
      c.columns(['site_id', 'gateway', 'device']).doUpdateSet((e) => ({
        driver: e.ref('excluded.driver'),
        label: e.ref('excluded.label'),
        state: e.ref('excluded.state'),
        since: e.ref('excluded.since'),
        detail: e.ref('excluded.detail'),
        firmware: e.ref('excluded.firmware'),
        bad_frames: e.ref('excluded.bad_frames'),
        simulated: e.ref('excluded.simulated'),
        updated_at: e.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** A device that is in no file any more is no device of ours. */
export const forgetDevices = (
  trx: Kysely<DB>,
  site: string,
  gateway: string,
  keep: readonly string[],
) =>
  sql`delete from device_health where site_id = ${site} and gateway = ${gateway}
    and device <> all(${[...keep]}::text[])`.execute(trx)

export const deviceRows = (db: Kysely<DB>, site: string) =>
  db
    .selectFrom('device_health')
    .selectAll()
    .where('site_id', '=', site)
    .orderBy('device')
    .$narrowType<{ state: DeviceHealthState }>()
    .execute()
export type DeviceRow = Awaited<ReturnType<typeof deviceRows>>[number]

export async function quarantineCounts(db: Kysely<DB>, site: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ gateway: string; n: number }>`
    select gateway, count(*)::int as n from quarantine where site_id = ${site}
    group by gateway`.execute(db)
  return new Map(rows.map((r) => [r.gateway, r.n]))
}

/**
 * What each device did not see since then, by gateway and device with a space between. The last one is that which
 * ended last.
 */
export async function blindTimes(
  db: Kysely<DB>,
  site: string,
  since: Date,
): Promise<Map<string, BlindTimes>> {
  const { rows } = await sql<{
    key: string
    times: number
    lost: number
    from_at: Date
    to_at: Date
    reason: BlindTimes['last']['reason']
  }>`select distinct on (gateway, device) gateway || ' ' || device as key, from_at, to_at, reason,
      (count(*) over w)::int as times, (sum(count) over w)::int as lost
    from gap
    where site_id = ${site} and received_at > ${since} and device is not null
      and lane = 'reads' and from_at is not null and to_at is not null
    window w as (partition by gateway, device)
    order by gateway, device, to_at desc, from_at desc`.execute(db)
  return new Map(
    rows.map(({ key, times, lost, from_at, to_at, reason }) => [
      key,
      { times, lost, last: { from: from_at.toISOString(), to: to_at.toISOString(), reason } },
    ]),
  )
}
