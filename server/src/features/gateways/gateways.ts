import { randomUUID } from 'node:crypto'
import type { GatewayState, Tick, Witnessed } from '@lantai/contracts'
import type { Static } from 'typebox'
import type { Context } from '../../context.ts'
import type { Effect } from '../../ingest/effect.ts'
import { ackOf, openStore } from '../../ingest/epoch.ts'
import { type Cursors, type EdgeKey, lockCursor } from '../../ingest/store.ts'
import type { Work } from '../../work.ts'
import { raiseServerCondition } from '../alarms/alarms.ts'
import { takeWitnessed, witnessFrom } from '../custody/witness.ts'
import { sendDesired } from '../devices/desired.ts'
import { rosterFor } from '../people/people.ts'
import { spoilRounds } from './round-store.ts'
import { isStale } from './rules.ts'
import {
  forgetDevices,
  gatewayRows,
  lockGateway,
  nextRosterVersion,
  storeBirth,
  storeDeath,
  storeDevices,
  storeWitnessed,
} from './store.ts'
import { publishHealth } from './views.ts'

/** The nonce that a motion command to this gateway must quote now; null when it is silent (rule S5). */
export const currentNonce = (ctx: Context, gateway: string): string | null =>
  ctx.links.nonce(gateway)

/** True while the gateway ticks. */
export const isOnline = (ctx: Context, gateway: string): boolean =>
  ctx.links.fresh(gateway) !== null

/** Birth or death. A death older than the birth that we have is ignored. */
export async function takeState(ctx: Context, gateway: string, s: GatewayState): Promise<void> {
  const taken = await ctx.write(async (work) => {
    const row = await lockGateway(work.trx, work.site, gateway)
    if (isStale(row, s)) return null
    return s.online ? await takeBirth(ctx, work, gateway, s) : await takeDeath(ctx, work, gateway)
  })
  if (taken === null) return
  if (s.online) ctx.links.speaks(gateway, s.contract)
  await publishHealth(ctx, gateway)
  if (!s.online) return
  // Everything that a gateway may lack after a connection, sent again: nothing relies on the broker (rule D19).
  if (taken.ack) await ctx.mqtt.ack(gateway, taken.ack)
  await sendRoster(ctx, gateway)
  await sendWitness(ctx, gateway, s.witnessedSize ?? null)
  await sendDesired(ctx, gateway, s)
}

async function takeBirth(ctx: Context, work: Work, gateway: string, s: GatewayState) {
  await storeBirth(work.trx, work.site, gateway, s, work.now)
  // Before anything that its facts change too: ingest takes the cursor first, and two orders wait for each other.
  const store = s.epoch ? await lockStore(work, { site: work.site, gateway, epoch: s.epoch }) : null
  if (s.devices && !isOvertaken(s, store?.cursors)) {
    await storeDevices(work.trx, work.site, gateway, s.devices, work.now)
    const named = s.devices.map((d) => d.device)
    await forgetDevices(work.trx, work.site, gateway, named)
  }
  await offlineCondition(work, gateway, false)
  if (!store || !s.epoch || store.fenced || store.held) return { ack: null }
  return { ack: ackOf(ctx, s.epoch, store.cursors) }
}

const lockStore = async (work: Work, k: EdgeKey) =>
  (await lockCursor(work.trx, k)) ?? (await openStore(work, k))

/** A birth that is read after later facts of the same store: taken again, or kept by the broker. */
const isOvertaken = ({ alarmSeq }: GatewayState, cursors: Cursors | undefined) =>
  alarmSeq !== undefined && cursors !== undefined && cursors.alarm > BigInt(alarmSeq)

/** What is in the device list no more is no device of ours. */
export const keepDevices = (work: Work, gateway: string, devices: readonly string[]) =>
  forgetDevices(work.trx, work.site, gateway, devices)

async function takeDeath(ctx: Context, work: Work, gateway: string) {
  await storeDeath(work.trx, work.site, gateway, work.now)
  work.afterCommit(() => ctx.links.drop(gateway))
  return { ack: null }
}

/** Raised by the watch when a gateway stays silent; ended by its next birth or tick. */
export const offlineCondition = (work: Work, gateway: string, active: boolean) =>
  raiseServerCondition(work, {
    key: `gateway-offline/${gateway}`,
    kind: 'gatewayOffline',
    priority: 2,
    active,
    where: { room: null, bank: null, device: gateway, box: null, label: gateway },
  })

/** Every second. Kept in memory; pages hear of it when what they show changes. */
export async function takeTick(ctx: Context, gateway: string, tick: Tick): Promise<void> {
  const before = ctx.links.fresh(gateway)
  ctx.links.take(gateway, tick)
  const told = [waits, fire, contacts] as const
  if (!before || told.some((of) => of(before) !== of(tick))) await publishHealth(ctx, gateway)
}
const waits = (t: Tick) => (t.oldestUnsentMs ?? 0) > 5_000
const fire = (t: Tick) => `${t.fire}/${t.fireLatched}`
const contacts = (t: Tick) => JSON.stringify(t.contacts)

/** What a gateway keeps as witness of the ledger (rule L6). One that keeps another size than we thought is asked anew. */
export async function takeWitness(ctx: Context, gateway: string, w: Static<typeof Witnessed>) {
  if (!(await takeWitnessed(ctx, gateway, w))) return
  const before = await ctx.write(async ({ trx, site, now }) => {
    const row = await lockGateway(trx, site, gateway)
    await storeWitnessed(trx, site, gateway, w.size, now)
    return row.witnessed_size
  })
  if (!w.ok && before !== w.size) await sendWitness(ctx, gateway, w.size)
}

export async function sendWitness(ctx: Context, gateway: string, keptSize: number | null) {
  const witness = await witnessFrom(ctx, gateway, keptSize)
  if (witness) await ctx.mqtt.witness(gateway, witness)
}

/** Every 5 min, to those who listen (rule L6). */
export async function sendWitnesses(ctx: Context) {
  for (const g of await gatewayRows(ctx.db, ctx.site))
    if (isOnline(ctx, g.gateway)) await sendWitness(ctx, g.gateway, g.witnessed_size)
}

/** The number is given before the people are read, so that a higher one never holds older people (rule S3). */
async function sendRoster(ctx: Context, gateway: string) {
  const version = await nextRosterVersion(ctx.db, ctx.site, gateway, ctx.clock.now())
  await ctx.mqtt.roster(await rosterFor(ctx, gateway, version))
}

/** When accounts changed: who may sign in at each console. */
export async function sendRosters(ctx: Context) {
  for (const g of await gatewayRows(ctx.db, ctx.site))
    if (isOnline(ctx, g.gateway)) await sendRoster(ctx, g.gateway)
}

/** Health of devices, as the gateway judged it. */
export async function applyDevices(e: Effect<'lantai.device.v1'>, ctx: Context): Promise<void> {
  const devices = e.items.map((i) => i.body)
  await storeDevices(e.trx, e.site, e.gateway, devices, e.now)
  e.afterCommit(() => publishHealth(ctx, e.gateway))
}

/**
 * A loss is data (reliability 2.5). It also lets the lane go on behind what will never come. What a device did not see
 * is shown beside it: a count over that time is not complete.
 */
export async function applyGaps(effect: Effect<'lantai.gap.v1'>, ctx: Context): Promise<void> {
  if (effect.items.some((i) => i.body.device !== null))
    effect.afterCommit(() => publishHealth(ctx, effect.gateway))
  for (const { seq, body } of effect.items) {
    await spoilRounds(effect.trx, effect, body)
    await effect.trx
      .insertInto('gap')
      .values({
        site_id: effect.site,
        id: randomUUID(),
        gateway: effect.gateway,
        epoch: effect.epoch,
        seq,
        lane: body.lane,
        first_seq: body.firstSeq,
        last_seq: body.lastSeq,
        from_at: body.from,
        to_at: body.to,
        count: body.count,
        reason: body.reason,
        device: body.device,
        received_at: effect.now,
      })
      .execute()
  }
}

/** What somebody did at a gateway's own console, the server perhaps away: on record under that person's name. */
export async function applyConsoleActs(effect: Effect<'lantai.console.v1'>): Promise<void> {
  for (const { at, seq, body } of effect.items)
    effect.ledger.add({
      event: 'console.act',
      at,
      actor: { name: body.by },
      outcome: 'observed',
      detail: [body.act, body.bank, body.certificate, body.reason]
        .filter(Boolean)
        .join(' · ')
        .slice(0, 400),
      object: {
        gateway: effect.gateway,
        seq,
        act: body.act,
        bank: body.bank,
        reason: body.reason,
        ...(body.certificate ? { certificate: body.certificate } : {}),
      },
    })
}
