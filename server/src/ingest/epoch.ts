import { type Ack, contractVersion, lanes } from '@lantai/contracts'
import type { Context } from '../context.ts'
import { raiseServerCondition } from '../features/alarms/alarms.ts'
import type { Work } from '../work.ts'
import { type Cursors, type EdgeKey, type LockedCursor, lockCursor, openEpoch } from './store.ts'

/** An epoch that was never seen: opens it, fences the older ones, and says so (rule D14). */
export async function openStore(work: Work, k: EdgeKey): Promise<LockedCursor> {
  const fenced = await openEpoch(work.trx, k, work.now)
  for (const old of fenced) await sayReplaced(work, k, old)
  const locked = await lockCursor(work.trx, k)
  if (!locked) throw new Error(`gateway ${k.gateway}: its cursor could not be opened`)
  return locked
}

/** An event, not a state: raised and returned at once, so that it stays until somebody acknowledges it. */
async function sayReplaced(work: Work, k: EdgeKey, old: { epoch: string; cursors: Cursors }) {
  const seqs = lanes.map((lane) => old.cursors[lane]).sort((a, b) => (a < b ? 1 : -1))
  const condition = {
    key: `gateway-replaced/${k.gateway}/${old.epoch}`,
    kind: 'gatewayReplaced',
    priority: 2,
    where: whereGateway(k.gateway, `last seq was ${seqs[0]}`),
  } as const
  await raiseServerCondition(work, { ...condition, active: true })
  await raiseServerCondition(work, { ...condition, active: false })
}

export const whereGateway = (gateway: string, label: string) => ({
  room: null,
  bank: null,
  device: gateway,
  box: null,
  label: label.slice(0, 120),
})

/** Where each lane stands: the gateway releases up to there, or rewinds to it (rules D8, D15). */
export const ackOf = (ctx: Context, epoch: string, c: Cursors): Ack => ({
  epoch,
  cursors: {
    alarm: String(c.alarm),
    custody: String(c.custody),
    reads: String(c.reads),
    telemetry: String(c.telemetry),
  },
  serverTime: new Date(ctx.clock.now()).toISOString(),
  contract: contractVersion,
})
