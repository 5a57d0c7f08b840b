/** Devices of a gateway as people see them. */
import type { api, DeviceEntry, DeviceFile, DeviceRow, ResponseOf } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import { gatewayViews } from '../gateways/views.ts'
import { diffOf } from './diff.ts'
import { noConfig } from './drift.ts'
import { shown } from './entry.ts'
import {
  bodyOf,
  configRow,
  type GatewayConfigRow,
  newestVersion,
  type VersionRow,
  versionRows,
} from './store.ts'

async function rowOf(ctx: Context, gateway: string): Promise<GatewayConfigRow> {
  const row = await configRow(ctx.db, ctx.site, gateway)
  if (!row) throw new DomainError('not-found', gateway)
  return row
}

export async function driversOf(ctx: Context, gateway: string) {
  return { drivers: (await rowOf(ctx, gateway)).drivers }
}

export async function devicesOf(
  ctx: Context,
  gateway: string,
): Promise<ResponseOf<typeof api.devices.listDevices>> {
  const views = await gatewayViews(ctx)
  const view = views.find((g) => g.gateway === gateway)
  if (!view) throw new DomainError('not-found', gateway)
  const row = await configRow(ctx.db, ctx.site, gateway)
  const [version, wanted] = await Promise.all([
    newestVersion(ctx.db, ctx.site, gateway),
    wantedOf(ctx, gateway, row),
  ])
  const judged = row?.judged_version
    ? (await versionRows(ctx.db, ctx.site, gateway, row.judged_version))[0]
    : undefined
  return {
    ...{ gateway, online: view.online, version, config: view.config ?? noConfig },
    judged: judged ? judgedView(judged) : null,
    devices: row ? rowsOf(row, wanted, view.devices) : [],
    serverTime: nowOf(ctx).toISOString(),
  }
}

export async function deviceOf(ctx: Context, gateway: string, id: string) {
  const { version, devices } = await devicesOf(ctx, gateway)
  const device = devices.find((d) => d.device === id)
  if (!device) throw new DomainError('device-unknown', id)
  return { version, device }
}

/** The wanted list; the gateway's own where nobody wants another. */
async function wantedOf(
  ctx: Context,
  gateway: string,
  row: GatewayConfigRow | null,
): Promise<DeviceFile | null> {
  const version = row?.desired_version ?? row?.reported_version ?? null
  return version === null ? null : await bodyOf(ctx.db, ctx.site, gateway, version)
}

function rowsOf(
  row: GatewayConfigRow,
  wanted: DeviceFile | null,
  health: readonly NonNullable<DeviceRow['health']>[],
): DeviceRow[] {
  const desired = new Map((wanted?.devices ?? []).map((d) => [d.id, d]))
  const running = new Map(row.running.map((d) => [d.entry.id, d]))
  const ids = [...new Set([...desired.keys(), ...running.keys()])]
  const show = (entry: DeviceEntry | undefined) => (entry ? shown(row.drivers, entry) : null)
  return ids.map((device) => {
    const [want, runs] = [desired.get(device), running.get(device)]
    const body = (entry: DeviceEntry | undefined): DeviceFile => ({
      version: 1,
      devices: entry ? [entry] : [],
    })
    return {
      ...{ device, desired: show(want), running: show(runs?.entry) },
      facets: runs?.facets ?? null,
      health: health.find((h) => h.device === device) ?? null,
      same: diffOf(body(want), body(runs?.entry)).length === 0,
    }
  })
}

// ---------------------------------------------------------------- versions

export async function versionsOf(ctx: Context, gateway: string) {
  const row = await rowOf(ctx, gateway)
  const rows = await versionRows(ctx.db, ctx.site, gateway)
  const view = (await gatewayViews(ctx)).find((g) => g.gateway === gateway)
  return { versions: rows.map((v) => versionView(v, row)), drift: view?.config.drift ?? null }
}

export async function versionOf(ctx: Context, gateway: string, version: number) {
  const row = await rowOf(ctx, gateway)
  const [found] = await versionRows(ctx.db, ctx.site, gateway, version)
  const body = await bodyOf(ctx.db, ctx.site, gateway, version)
  if (!found || !body) throw new DomainError('not-found', `version ${version}`)
  return { version: versionView(found, row), body: shownFile(row, body) }
}

export async function diffOfVersions(ctx: Context, gateway: string, from: number, to: number) {
  const row = await rowOf(ctx, gateway)
  const [a, b] = await Promise.all(
    [from, to].map((version) => bodyOf(ctx.db, ctx.site, gateway, version)),
  )
  if (!a || !b) throw new DomainError('not-found', `version ${a ? to : from}`)
  return { devices: diffOf(shownFile(row, a), shownFile(row, b)) }
}

const shownFile = (row: GatewayConfigRow, body: DeviceFile): DeviceFile => ({
  ...body,
  devices: body.devices.map((d) => shown(row.drivers, d)),
})

const versionView = (v: VersionRow, row: GatewayConfigRow) => ({
  ...{ version: v.version, sha256: v.sha256, by: v.by_name, at: v.at.toISOString() },
  ...{ reason: v.reason, origin: v.origin, errors: v.errors ?? [] },
  // What runs was applied, be it from the gateway's own file.
  state: v.state ?? (isRunning(v, row) ? ('applied' as const) : null),
  judgedAt: v.judged_at?.toISOString() ?? null,
  desired: v.version === row.desired_version,
  running: isRunning(v, row),
})

const isRunning = (v: VersionRow, row: GatewayConfigRow) =>
  v.version === row.reported_version && v.sha256 === row.reported_sha256

const judgedView = (v: VersionRow) =>
  v.state && v.judged_at
    ? {
        ...{ version: v.version, state: v.state, at: v.judged_at.toISOString() },
        errors: v.errors ?? [],
      }
    : null
