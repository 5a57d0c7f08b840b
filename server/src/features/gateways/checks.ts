import { statfs } from 'node:fs/promises'
import type { Check, GatewayView } from '@lantai/contracts'
import { sql } from 'kysely'
import type { Context } from '../../context.ts'
import { durabilityFaults } from '../../db/durability.ts'
import { currentCheckpoint } from '../custody/proofs.ts'
import { newestWitness } from '../custody/witness.ts'

type Finding = Omit<Check, 'id'>
const ok = (detail: string | null = null): Finding => ({ state: 'ok', detail })
const attention = (detail: string): Finding => ({ state: 'attention', detail })
const bad = (detail: string): Finding => ({ state: 'bad', detail })

/** Every check of 体检. One that cannot be made is `unknown`, never `ok`. */
export async function runChecks(ctx: Context, gateways: GatewayView[]): Promise<Check[]> {
  const checks: Record<Check['id'], () => Promise<Finding> | Finding> = {
    database: () => database(ctx),
    timescale: () => timescale(ctx),
    disk: () => disk(ctx),
    durability: () => durability(ctx),
    broker: () => broker(ctx),
    gateways: () => silent(gateways),
    clocks: () => clocks(gateways),
    contracts: () => contracts(gateways),
    configs: () => configs(gateways),
    ledger: () => (ctx.ledger.closed ? bad(ctx.ledger.closed) : ok()),
    witness: () => witness(ctx),
    quarantine: () => quarantined(gateways),
    secureContext: () => secureContext(ctx),
    timeZone: () => ok(Intl.DateTimeFormat().resolvedOptions().timeZone),
  }
  return await Promise.all(
    Object.entries(checks).map(async ([id, run]) => {
      const finding = await attempt(run).catch((err: unknown): Finding => {
        ctx.log.warn({ err, check: id }, 'a check could not be made')
        return { state: 'unknown', detail: null }
      })
      const detail = finding.detail?.slice(0, 300) ?? null
      return { id: id as Check['id'], state: finding.state, detail }
    }),
  )
}

const attempt = async (run: () => Promise<Finding> | Finding): Promise<Finding> => await run()

/** A broker that keeps the connection and carries nothing is not well (rule D19). */
function broker(ctx: Pick<Context, 'mqtt'>): Finding {
  if (!ctx.mqtt.connected) return bad('not connected')
  return ctx.mqtt.carries ? ok() : bad('connected, but nothing comes through')
}

async function database(ctx: Context): Promise<Finding> {
  const { rows } = await sql<{ v: string }>`select current_setting('server_version') as v`.execute(
    ctx.db,
  )
  return ok(`PostgreSQL ${rows[0]?.v}`)
}

async function timescale(ctx: Context): Promise<Finding> {
  const { rows } = await sql<{ v: string }>`
    select extversion as v from pg_extension where extname = 'timescaledb'`.execute(ctx.db)
  return ok(rows[0] ? `TimescaleDB ${rows[0].v}` : 'plain PostgreSQL')
}

async function disk(ctx: Context): Promise<Finding> {
  const s = await statfs(ctx.config.SERVER_SECRETS_DIR)
  const free = s.bavail / s.blocks
  const detail = `${((s.bavail * s.bsize) / 2 ** 30).toFixed(1)} GiB free, ${Math.round(free * 100)} %`
  if (free < 0.05) return bad(detail)
  return free < 0.15 ? attention(detail) : ok(detail)
}

async function durability(ctx: Context): Promise<Finding> {
  const faults = await durabilityFaults(ctx.db)
  return faults.length > 0 ? bad(faults.join('; ')) : ok()
}

function silent(gateways: GatewayView[]): Finding {
  if (gateways.length === 0) return attention('none was ever heard')
  const held = gateways.filter((g) => g.held)
  if (held.length > 0) return bad(`held: ${held.map((g) => g.gateway).join(', ')}`)
  const off = gateways.filter((g) => !g.online)
  return off.length > 0 ? bad(`silent: ${off.map((g) => g.gateway).join(', ')}`) : ok()
}

function clocks(gateways: GatewayView[]): Finding {
  const doubtful = gateways.filter((g) => g.clock === 'suspect' || g.clock === 'unsynced')
  if (doubtful.length > 0)
    return attention(doubtful.map((g) => `${g.gateway}: ${g.clock}`).join(', '))
  return gateways.some((g) => g.clock === null) ? { state: 'unknown', detail: null } : ok()
}

/** Rule of ADR 12: one version older or newer is understood, and said. */
function contracts(gateways: GatewayView[]): Finding {
  const said = (fits: readonly GatewayView['fits'][]) =>
    gateways.filter((g) => fits.includes(g.fits)).map((g) => `${g.gateway}: ${g.fits}`)
  const strange = said(['too-old', 'too-new'])
  if (strange.length > 0) return bad(strange.join(', '))
  const other = said(['older', 'newer'])
  if (other.length > 0) return attention(other.join(', '))
  return gateways.some((g) => g.fits === 'unknown') ? { state: 'unknown', detail: null } : ok()
}

/** What runs is what was set here (rule D12). */
function configs(gateways: GatewayView[]): Finding {
  const apart = gateways.filter((g) => g.config.drift !== null)
  const said = apart.map((g) => `${g.gateway}: ${g.config.drift}`).join(', ')
  if (apart.some((g) => g.config.drift !== 'waiting')) return bad(said)
  if (apart.length > 0) return attention(said)
  return gateways.some((g) => g.config.reportedVersion === null)
    ? { state: 'unknown', detail: null }
    : ok()
}

/** Without a fresh outside anchor, newer entries could be cut without a trace (rule L6). */
async function witness(ctx: Context): Promise<Finding> {
  const { size } = await currentCheckpoint(ctx)
  if (size === 0) return ok('nothing recorded yet')
  const newest = await newestWitness(ctx)
  if (!newest) return attention('not anchored')
  const age = ctx.clock.now() - newest.at.getTime()
  const detail = `${newest.witness}: ${newest.size} of ${size}`
  return age > 15 * 60_000 && newest.size < size ? attention(detail) : ok(detail)
}

function quarantined(gateways: GatewayView[]): Finding {
  const n = gateways.reduce((sum, g) => sum + g.quarantined, 0)
  return n > 0 ? attention(String(n)) : ok()
}

/** Cookies and service workers need https, or this very machine. */
function secureContext(ctx: Context): Finding {
  const plain = ctx.config.PUBLIC_ORIGIN.split(',').filter((o) => o.startsWith('http:'))
  return plain.length > 0 ? ok(`plain http on this machine: ${plain.join(', ')}`) : ok()
}
