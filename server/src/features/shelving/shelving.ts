import type { BankView, FactBody, LayoutBank, Live } from '@lantai/contracts'
import { seconds } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { every } from '../../every.ts'
import type { Effect } from '../../ingest/effect.ts'
import { latest } from '../../latest.ts'
import type { Work } from '../../work.ts'
import { isOnline } from '../gateways/gateways.ts'
import { findLayout } from '../stack/stack.ts'
import { inferredBy, isEnd, told } from './life.ts'
import { BankMirror, type CommandTransition } from './mirror.ts'
import { freshMs } from './preflight.ts'
import {
  type CommandRow,
  insertForeign,
  knownOf,
  lockCommand,
  newestByBank,
  pendingCommands,
  setState,
  viewOf,
} from './store.ts'

/** An ended command is shown beside its bank for so long. */
const shownAfterEndMs = 60_000

const mirrors = new WeakMap<Context, BankMirror>()

/** What this process last heard of the banks. */
export function mirrorOf(ctx: Context): BankMirror {
  let mirror = mirrors.get(ctx)
  if (!mirror) {
    const tell = latest<string>((banks) => publishBanks(ctx, banks))
    const push = (banks: readonly string[]) => {
      tell(...banks).catch((err: unknown) => ctx.log.error({ err }, 'banks not shown'))
    }
    mirror = new BankMirror(ctx.clock, push, (clash) =>
      ctx.log.error(clash, 'a bank is reported by two gateways; the second is not believed'),
    )
    mirrors.set(ctx, mirror)
  }
  return mirror
}

/** The `live` topic of a gateway. */
export function onBankReports(ctx: Context, gateway: string, live: Live): void {
  mirrorOf(ctx).take(gateway, live)
}

/** The `res` topic: for screens only; the ledger waits for the stored fact. */
export async function onCommandTransition(
  ctx: Context,
  gateway: string,
  transition: CommandTransition,
): Promise<void> {
  await ctx.write((work) => take(work, gateway, transition))
  mirrorOf(ctx).touch(transition.bank)
}

/** Transitions as facts: each once, so that each end is one entry of the ledger. */
export async function applyCommands(effect: Effect<'lantai.command.v1'>): Promise<void> {
  for (const { at, seq, body } of effect.items) {
    await take(effect, effect.gateway, body)
    if (isEnd(body.state)) record(effect, body, at, { gateway: effect.gateway, seq })
  }
}

async function take(work: Work, gateway: string, t: CommandTransition): Promise<void> {
  const row = await lockCommand(work.trx, work.site, t.command)
  if (!row) {
    await insertForeign(work.trx, work.site, gateway, t, work.now)
    return
  }
  // Ids are the server's; a gateway that speaks of another's command is not believed.
  if (row.gateway !== gateway) return
  const known = told(knownOf(row), t.state)
  if (known) await setState(work.trx, row, known, t.reason, work.now)
}

const outcomes = { done: 'success', refused: 'refused' } as const

/** Every end is written, whatever it is: also that nobody knows. */
function record(
  work: Work,
  t: FactBody<'lantai.command.v1'>,
  at: Date,
  source: { gateway: string; seq: string },
) {
  const outcome = t.state === 'done' || t.state === 'refused' ? outcomes[t.state] : 'observed'
  work.ledger.add({
    event: 'bank.command',
    at,
    actor: { name: t.by },
    outcome,
    detail: `${t.bank} ${t.verb}${t.aisle === null ? '' : ` ${t.aisle}`}: ${t.state}${t.reason ? ` (${t.reason})` : ''}`,
    object: {
      ...source,
      command: t.command,
      bank: t.bank,
      verb: t.verb,
      aisle: t.aisle,
      state: t.state,
      origin: t.origin,
    },
  })
}

/** Once a second: what silence says of commands that wait (rules S2, S6). */
export async function judgeSilence(ctx: Context): Promise<void> {
  for (const row of await pendingCommands(ctx.db, ctx.site)) {
    if (!conclusionOf(ctx, row)) continue
    await ctx.write(async (work) => {
      const now = await lockCommand(work.trx, work.site, row.command_id)
      const end = now && conclusionOf(ctx, now)
      if (!now || !end) return
      await setState(work.trx, now, end, end.reason, work.now)
      if (end.state === 'expired') recordSilence(work, now, end.reason)
    })
    mirrorOf(ctx).touch(row.bank)
  }
}

const conclusionOf = (ctx: Context, row: CommandRow) =>
  inferredBy(
    {
      ...knownOf(row),
      sentUntil: row.sent_until,
      approvalUntil: row.approval_until,
      gatewayOnline: isOnline(ctx, row.gateway),
      updatedAt: row.updated_at,
    },
    nowOf(ctx),
  )

/** The gateway never spoke of it, so no fact will come; should one come all the same, it is an entry of its own. */
function recordSilence(work: Work, row: CommandRow, reason: string) {
  work.ledger.add({
    event: 'bank.command',
    actor: { name: row.by_name, ...(row.by_id ? { id: row.by_id } : {}) },
    outcome: 'observed',
    detail: `${row.bank} ${row.verb}: expired (${reason})`,
    object: {
      command: row.command_id,
      bank: row.bank,
      verb: row.verb,
      aisle: row.aisle,
      state: 'expired',
    },
  })
}

/** Every bank of the layout as it was last heard of; a bank that never reported is there, with nothing known. */
export async function bankViews(ctx: Context): Promise<BankView[]> {
  const layout = await findLayout(ctx.db, ctx.site)
  if (!layout) return []
  const since = new Date(ctx.clock.now() - 86_400_000)
  const commands = new Map((await newestByBank(ctx.db, ctx.site, since)).map((r) => [r.bank, r]))
  return layout.banks.map((bank) => viewOfBank(ctx, bank, commands.get(bank.bank)))
}

function viewOfBank(ctx: Context, bank: LayoutBank, row: CommandRow | undefined): BankView {
  const heard = mirrorOf(ctx).heard(bank.bank)
  const shown = row && (!isEnd(knownOf(row).state) || ageOf(ctx, row) < shownAfterEndMs)
  return {
    bank: bank.bank,
    label: bank.label,
    gateway: heard?.gateway ?? null,
    gatewayOnline: heard !== null && isOnline(ctx, heard.gateway),
    heardAgoMs: heard?.agoMs ?? null,
    report: heard?.report ?? null,
    command: shown ? viewOf(row) : null,
  }
}

const ageOf = (ctx: Context, row: CommandRow) => ctx.clock.now() - row.updated_at.getTime()

async function publishBanks(ctx: Context, banks: ReadonlySet<string>) {
  const changed = (await bankViews(ctx)).filter((b) => banks.has(b.bank))
  if (changed.length > 0) ctx.live.publish('shelving', { banks: changed })
}

/** Banks that are heard of and wait for a person after a restart of their gateway (rule S3). */
export async function banksNotReleased(ctx: Context): Promise<string[]> {
  const layout = await findLayout(ctx.db, ctx.site)
  return (layout?.banks ?? []).flatMap(({ bank }) => {
    const heard = mirrorOf(ctx).heard(bank)
    const waits = heard?.report.inhibitions.some((i) => i.kind === 'boot') ?? false
    return waits && (heard?.agoMs ?? Number.POSITIVE_INFINITY) <= 5 * freshMs ? [bank] : []
  })
}

/** Returns the end of them. */
export function startShelvingJobs(ctx: Context): () => void {
  const end = every(ctx, seconds(1), () => judgeSilence(ctx))
  return () => {
    end()
    mirrorOf(ctx).stop()
  }
}
