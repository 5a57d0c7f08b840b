import type {
  BlindTimes,
  ConfigSummary,
  ContactView,
  DeviceView,
  Facets,
  GatewayView,
  RoundsView,
  Tick,
} from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { latest } from '../../latest.ts'
import { fitsOf, noConfig } from '../devices/drift.ts'
import { configSummaries, runningFacets } from '../devices/summary.ts'
import { doubtfulTimes } from '../retiming/times.ts'
import { roundsOf } from './round-store.ts'
import {
  blindTimes,
  type DeviceRow,
  deviceRows,
  type GatewayRow,
  gatewayRows,
  quarantineCounts,
} from './store.ts'

const blindWithinMs = 24 * 3_600_000

/** Every gateway with its devices, as the health page and the `health` room show them. */
export async function gatewayViews(ctx: Context): Promise<GatewayView[]> {
  const since = new Date(ctx.clock.now() - blindWithinMs)
  const [gateways, devices, quarantined, configs, facets, blind, rounds, doubtful] =
    await Promise.all([
      gatewayRows(ctx.db, ctx.site),
      deviceRows(ctx.db, ctx.site),
      quarantineCounts(ctx.db, ctx.site),
      configSummaries(ctx.db, ctx.site),
      runningFacets(ctx.db, ctx.site),
      blindTimes(ctx.db, ctx.site, since),
      roundsOf(ctx.db, ctx.site, since),
      doubtfulTimes(ctx.db, ctx.site, since),
    ])
  const byGateway = Map.groupBy(devices, (d) => d.gateway)
  return gateways.map((g) => {
    const tick = ctx.links.fresh(g.gateway)
    const own = byGateway.get(g.gateway) ?? []
    const views = own.map((d) => {
      const key = `${g.gateway} ${d.device}`
      return deviceView(d, blind.get(key) ?? null, rounds.get(key) ?? null)
    })
    return gatewayView(g, tick, views, {
      contacts: contactViews(facets.get(g.gateway) ?? [], tick),
      quarantined: quarantined.get(g.gateway) ?? 0,
      lastHeard: lastHeard(ctx, g),
      doubtful: doubtful.get(g.gateway) ?? null,
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
  devices: DeviceView[],
  more: Pick<GatewayView, 'quarantined' | 'lastHeard' | 'contacts' | 'doubtful'> & {
    config: ConfigSummary
  },
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

/** Contacts of the running list; of a gateway that is silent, or does not say, nothing is known. */
function contactViews(
  running: readonly { device: string; facets: Facets }[],
  tick: Tick | null,
): ContactView[] {
  const now = new Map((tick?.contacts ?? []).map((c) => [c.id, c]))
  return running.flatMap(({ device, facets }) =>
    (facets.contacts ?? []).map((c) => {
      const { state = 'unknown', since = null } = now.get(c.id) ?? {}
      return { ...c, device, state, since }
    }),
  )
}

const deviceView = (
  d: DeviceRow,
  blind: BlindTimes | null,
  rounds: RoundsView | null,
): DeviceView => ({
  blind,
  rounds,
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

/** What tells open pages: a view that was read earlier never comes after a later one. */
const tellers = new WeakMap<Context, (gateway: string) => Promise<void>>()

/** Tells open pages; called after COMMIT. */
export function publishHealth(ctx: Context, gateway: string): Promise<void> {
  const tell =
    tellers.get(ctx) ??
    latest<string>(async (asked) => {
      const gateways = (await gatewayViews(ctx)).filter((g) => asked.has(g.gateway))
      if (gateways.length > 0) ctx.live.publish('health', { gateways })
    })
  tellers.set(ctx, tell)
  return tell(gateway)
}
