/** What a gateway says of its device list: the parts of one report brought together, and stored as a whole. */
import { createHash } from 'node:crypto'
import {
  configText,
  type DeviceFile,
  type DriverInfo,
  type ReportedConfig,
  type RunningDevice,
  seconds,
} from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Work } from '../../work.ts'
import { placeSensors } from '../climate/climate.ts'
import { keepDevices } from '../gateways/gateways.ts'
import { publishHealth } from '../gateways/views.ts'
import { sendDesired } from './desired.ts'
import {
  addVersion,
  configRow,
  type GatewayConfigRow,
  lockConfig,
  setDesired,
  storeJudgement,
  storeReported,
} from './store.ts'

type Result = Extract<ReportedConfig, { part: 'result' }>
interface Report {
  result: Result
  devices: RunningDevice[]
  drivers: DriverInfo[]
}

/** Of each gateway the report that is coming in, and the turn of the last one that came. */
interface UnderWay {
  reports: Map<string, Report>
  turns: Map<string, Promise<void>>
}
/** In memory: what a restart loses is told again at the next birth. */
const underWay = new WeakMap<Context, UnderWay>()

function underWayIn(ctx: Context): UnderWay {
  const known = underWay.get(ctx)
  if (known) return known
  const made: UnderWay = { reports: new Map(), turns: new Map() }
  underWay.set(ctx, made)
  return made
}

function gathered(ctx: Context, gateway: string, part: ReportedConfig): Report | null {
  const all = underWayIn(ctx).reports
  if (part.part === 'result') all.set(gateway, { result: part, devices: [], drivers: [] })
  const report = all.get(gateway)
  if (!report || report.result.set !== part.set) return null
  if (part.part === 'devices') report.devices.push(...part.devices)
  if (part.part === 'driver') report.drivers.push(part.driver)
  const { devices, drivers } = report.result
  if (report.devices.length < devices || report.drivers.length < drivers) return null
  all.delete(gateway)
  return report
}

/** Message of `cfg/reported`. */
export async function takeReported(ctx: Context, gateway: string, part: ReportedConfig) {
  const report = gathered(ctx, gateway, part)
  if (!report) return
  const body: DeviceFile = { version: 1, devices: report.devices.map((d) => d.entry) }
  const text = configText(body)
  // The list that came is not the one that the gateway says it runs: better none than a wrong one.
  if (createHash('sha256').update(text).digest('hex') !== report.result.sha256) {
    ctx.metrics.malformed.inc({ door: 'cfg' })
    ctx.log.error({ gateway, version: report.result.version }, 'reported device list does not fit')
    return
  }
  // In the order in which they came: an older one that is stored last would be what the gateway runs now.
  const { turns } = underWayIn(ctx)
  const before = turns.get(gateway) ?? Promise.resolve()
  const turn = before.catch(() => undefined).then(() => take(ctx, gateway, report, text))
  turns.set(gateway, turn)
  await turn
}

/** It comes once: when the database is away it is stored later. */
async function take(
  ctx: Context,
  gateway: string,
  report: Report,
  text: string,
  tries = 60,
): Promise<void> {
  try {
    await ctx.write((work) => store(work, gateway, report, text))
  } catch (err) {
    if (tries === 0) throw err
    ctx.log.warn({ err, gateway, tries }, 'reported device list not stored yet')
    await new Promise<void>((resolve) => void ctx.clock.after(seconds(1), resolve))
    return await take(ctx, gateway, report, text, tries - 1)
  }
  await publishHealth(ctx, gateway)
  if (await wantsOther(ctx, gateway, report.result)) await sendDesired(ctx, gateway)
}

async function store(work: Work, gateway: string, report: Report, text: string) {
  const { trx, site, now } = work
  const { result, devices, drivers } = report
  const known = await lockConfig(trx, site, gateway)
  await storeReported(
    trx,
    site,
    gateway,
    {
      version: result.version,
      sha256: result.sha256,
      judgedVersion: result.judged?.version ?? null,
      running: devices,
      drivers,
    },
    now,
  )
  await adopt(work, gateway, result, text, known)
  const { judged } = result
  if (judged) await storeJudgement(trx, site, gateway, { ...judged, at: new Date(judged.at) })
  await keepDevices(
    work,
    gateway,
    devices.map((d) => d.entry.id),
  )
  const running = devices.filter((d) => !d.entry.disabled)
  await placeSensors(
    trx,
    site,
    running.flatMap((d) => d.facets.air?.sensors ?? []),
  )
}

/**
 * A version that this server never wrote: the gateway's own file, or one from before this database was restored. It is
 * kept as found, and a newer one than wanted is what is wanted, because people decided it once.
 */
async function adopt(
  work: Work,
  gateway: string,
  result: Result,
  text: string,
  known: GatewayConfigRow,
) {
  const { trx, site, now } = work
  const { version, sha256 } = result
  const found = await addVersion(trx, site, gateway, {
    ...{ version, sha256, body: text, byId: null },
    by: result.by ?? 'DEVICES_FILE',
    at: new Date(result.at),
    reason: '',
    withoutContacts: [],
    origin: 'gateway',
  })
  if (found && version > (known.desired_version ?? 0))
    await setDesired(trx, site, gateway, version, now)
}

/** It runs an older version than wanted, and has not judged the wanted one. */
async function wantsOther(ctx: Context, gateway: string, { version, judged }: Result) {
  const wanted = (await configRow(ctx.db, ctx.site, gateway))?.desired_version ?? null
  return wanted !== null && wanted > version && wanted !== judged?.version
}
