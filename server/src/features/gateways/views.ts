import type { ConfigSummary, DeviceHealth, GatewayView, Tick } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { fitsOf, noConfig } from '../devices/drift.ts'
import { configSummaries } from '../devices/summary.ts'
import {
  type DeviceRow,
  deviceRows,
  type GatewayRow,
  gatewayRows,
  quarantineCounts,
} from './store.ts'

/** Every gateway with its devices, as the health page and the `health` room show them. */
export async function gatewayViews(ctx: Context): Promise<GatewayView[]> {
  const [gateways, devices, quarantined, configs] = await Promise.all([
    gatewayRows(ctx.db, ctx.site),
    deviceRows(ctx.db, ctx.site),
    quarantineCounts(ctx.db, ctx.site),
    configSummaries(ctx.db, ctx.site),
  ])
  const byGateway = Map.groupBy(devices, (d) => d.gateway)
  return gateways.map((g) => {
    const tick = ctx.links.fresh(g.gateway)
    const own = byGateway.get(g.gateway) ?? []
    return gatewayView(g, tick, own.map(deviceView), {
      quarantined: quarantined.get(g.gateway) ?? 0,
      lastHeard: lastHeard(ctx, g),
      config: configs.get(g.gateway) ?? noConfig,
    })
  })
}

/** Its last tick where this process heard one, else its birth as kept. */
function lastHeard(ctx: Context, g: GatewayRow): string | null {
  const ago = ctx.links.heardAgo(g.gateway)
  if (ago === null) return g.last_heard?.toISOString() ?? null
  return new Date(ctx.clock.now() - ago).toISOString()
}

function gatewayView(
  g: GatewayRow,
  tick: Tick | null,
  devices: DeviceHealth[],
  more: { quarantined: number; lastHeard: string | null; config: ConfigSummary },
): GatewayView {
  const online = g.online && tick !== null
  const waiting = tick?.backlog
  return {
    gateway: g.gateway,
    online,
    held: g.held_at !== null,
    since: g.since?.toISOString() ?? null,
    software: g.software,
    clock: g.clock,
    consoleUrl: g.console_url,
    backlog: waiting ? waiting.alarm + waiting.custody + waiting.reads + waiting.telemetry : 0,
    oldestUnsentMs: tick?.oldestUnsentMs ?? null,
    ...more,
    contract: g.contract,
    fits: fitsOf(g.contract),
    witnessedSize: g.witnessed_size,
    // What a silent gateway last said of its devices is not what they are now.
    devices: online ? devices : devices.map((d) => ({ ...d, state: 'unknown' as const })),
  }
}

const deviceView = (d: DeviceRow): DeviceHealth => ({
  device: d.device,
  driver: d.driver,
  label: d.label,
  state: d.state,
  since: d.since.toISOString(),
  detail: d.detail,
  firmware: d.firmware,
  badFrames: d.bad_frames,
  ...(d.simulated ? { simulated: true } : {}),
})

/** Tells open pages; called after COMMIT. */
export async function publishHealth(ctx: Context, gateway?: string) {
  const gateways = await gatewayViews(ctx)
  const changed = gateway ? gateways.filter((g) => g.gateway === gateway) : gateways
  if (changed.length > 0) ctx.live.publish('health', { gateways: changed })
}
