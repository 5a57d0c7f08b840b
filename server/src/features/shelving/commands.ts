/** Requests of people to a bank. The answer says only that it was requested; the gateway decides (architecture 3). */
import { randomUUID } from 'node:crypto'
import type { Command, CommandView, LayoutBank, Role } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { currentNonce, isOnline } from '../gateways/gateways.ts'
import { findLayout } from '../stack/stack.ts'
import { aisleFault, freshMs, refusalOf } from './preflight.ts'
import { mirrorOf } from './shelving.ts'
import {
  type CommandRow,
  insertCommand,
  lockCommand,
  readCommand,
  setApproved,
  viewOf,
} from './store.ts'

/** At most 5 s (rule S4). */
const lifeMs = 5_000
const approvalMs = 10 * 60_000

interface Asked {
  bank: string
  verb: CommandView['verb']
  aisle?: number | null
  reason?: string
  purpose?: string
  expectedRevision?: number
}

export async function requestMotion(
  ctx: Context,
  bank: string,
  body: {
    verb: 'open' | 'close' | 'ventilate'
    aisle: number | null
    seenRevision: number
    purpose?: string
  },
  person: SignedIn,
): Promise<CommandView> {
  const steel = await bankOf(ctx, bank)
  const heard = mirrorOf(ctx).heard(bank)
  const online = heard !== null && isOnline(ctx, heard.gateway)
  const refusal =
    aisleFault(steel, body.verb, body.aisle) ?? refusalOf(heard, online, body.seenRevision)
  if (refusal) throw new DomainError(refusal.code, refusal.detail)
  return await request(ctx, person, {
    bank,
    verb: body.verb,
    aisle: body.verb === 'open' ? body.aisle : null,
    expectedRevision: body.seenRevision,
    ...(body.purpose === undefined ? {} : { purpose: body.purpose }),
  })
}

/** No interlock, no dialogue, every signed-in person; may be repeated (rule S7). */
export async function requestStop(ctx: Context, bank: string, person: SignedIn) {
  await bankOf(ctx, bank)
  return await request(ctx, person, { bank, verb: 'stop' })
}

export async function forbidMotion(ctx: Context, bank: string, reason: string, person: SignedIn) {
  await bankOf(ctx, bank)
  return await request(ctx, person, { bank, verb: 'forbid', reason })
}

/** Holds one column or lets it go; the number of the column travels where motion has its aisle. */
export async function lockColumn(
  ctx: Context,
  bank: string,
  body: { verb: 'lock' | 'unlock'; column: number; reason: string },
  person: SignedIn,
) {
  const steel = await bankOf(ctx, bank)
  if (!steel.columns.some((c) => c.column === body.column))
    throw new DomainError('aisle-unknown', `bank ${bank} has no column ${body.column}`)
  const { verb, column: aisle, reason } = body
  return await request(ctx, person, { bank, verb, aisle, reason })
}

/** Ends the inhibition after a restart of the gateway. Moves nothing (rule S3). */
export async function releaseBank(ctx: Context, bank: string, reason: string, person: SignedIn) {
  await bankOf(ctx, bank)
  return await request(ctx, person, { bank, verb: 'release', reason })
}

/** Frozen until a second person approves exactly this (rule S7). */
export async function clearForbid(ctx: Context, bank: string, reason: string, person: SignedIn) {
  await bankOf(ctx, bank)
  const now = nowOf(ctx)
  const approvalUntil = new Date(now.getTime() + approvalMs)
  const asked: Asked = { bank, verb: 'clearForbid', reason }
  return shown(ctx, await store(ctx, person, asked, { sentUntil: null, approvalUntil }))
}

export async function approveCommand(
  ctx: Context,
  id: string,
  person: SignedIn,
): Promise<CommandView> {
  const row = await ctx.write(async (work) => {
    const frozen = await lockCommand(work.trx, work.site, id)
    if (!frozen) throw new DomainError('not-found')
    if (frozen.state !== 'requested') throw new DomainError('command-expired')
    if (!frozen.approval_until) throw new DomainError('conflict', 'this command waits for nobody')
    if (work.now > frozen.approval_until) throw new DomainError('command-expired')
    if (frozen.by_id === person.id) throw new DomainError('second-person-needed')
    return await setApproved(work.trx, frozen, person, lifeFrom(work.now), work.now)
  })
  return await send(ctx, row)
}

export async function getCommand(ctx: Context, id: string): Promise<CommandView> {
  const row = await readCommand(ctx.db, ctx.site, id)
  if (!row) throw new DomainError('not-found')
  return viewOf(row)
}

async function bankOf(ctx: Context, bank: string): Promise<LayoutBank> {
  const layout = await findLayout(ctx.db, ctx.site)
  const found = layout?.banks.find((b) => b.bank === bank)
  if (!found) throw new DomainError('bank-unknown', bank)
  return found
}

async function request(ctx: Context, person: SignedIn, asked: Asked): Promise<CommandView> {
  const row = await store(ctx, person, asked, {
    sentUntil: lifeFrom(nowOf(ctx)),
    approvalUntil: null,
  })
  return await send(ctx, row)
}

const lifeFrom = (now: Date) => new Date(now.getTime() + lifeMs)

/** Stored before it is sent: whatever happens, there is a row that says what was asked, by whom. */
async function store(
  ctx: Context,
  person: SignedIn,
  asked: Asked,
  until: { sentUntil: Date | null; approvalUntil: Date | null },
): Promise<CommandRow> {
  const gateway = reachableGateway(ctx, asked.bank)
  return await ctx.write(({ trx, site, now }) =>
    insertCommand(trx, site, {
      id: randomUUID(),
      gateway,
      bank: asked.bank,
      verb: asked.verb,
      aisle: asked.aisle ?? null,
      by: person,
      reason: asked.reason ?? null,
      purpose: asked.purpose ?? null,
      expectedRevision: asked.expectedRevision ?? null,
      at: now,
      ...until,
    }),
  )
}

/** Which gateway to ask. Both its tick and its reports must be silent before it counts as away. */
function reachableGateway(ctx: Context, bank: string): string {
  const heard = mirrorOf(ctx).heard(bank)
  if (!heard || (!isOnline(ctx, heard.gateway) && heard.agoMs > freshMs))
    throw new DomainError('gateway-offline', `nothing is heard of bank ${bank}`)
  return heard.gateway
}

/** Signed by the downlink. A failure to send is no failure of the command: silence will expire it (rule D16). */
async function send(ctx: Context, row: CommandRow): Promise<CommandView> {
  try {
    await ctx.mqtt.command(commandOf(ctx, row))
  } catch (err) {
    ctx.log.warn({ err, command: row.command_id, bank: row.bank }, 'command may not have been sent')
  }
  return shown(ctx, row)
}

function shown(ctx: Context, row: CommandRow): CommandView {
  mirrorOf(ctx).touch(row.bank)
  ctx.log.info(
    { command: row.command_id, bank: row.bank, verb: row.verb, person: row.by_id },
    'bank command requested',
  )
  return viewOf(row)
}

function commandOf(ctx: Context, row: CommandRow): Command {
  const person = (id: string | null, name: string | null, roles: readonly string[] | null) =>
    id === null || name === null ? null : { id, name, roles: [...(roles ?? [])] as Role[] }
  const requester = person(row.by_id, row.by_name, row.by_roles)
  if (!requester || !row.sent_until) throw new Error(`command ${row.command_id} cannot be sent`)
  return {
    id: row.command_id,
    gateway: row.gateway,
    bank: row.bank,
    verb: row.verb as CommandView['verb'],
    aisle: row.aisle,
    requester,
    approver: person(row.approver_id, row.approver_name, row.approver_roles),
    reason: row.asked_reason,
    purpose: row.purpose,
    expectedRevision: row.expected_revision,
    nonce: currentNonce(ctx, row.gateway),
    issuedAt: nowOf(ctx).toISOString(),
    expiresAt: row.sent_until.toISOString(),
  }
}
