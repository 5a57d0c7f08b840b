import { type LiveDelta, millis, seconds } from '@lantai/contracts'
import { type Context, nowOf } from '../context.ts'
import { every } from '../every.ts'
import { alarmNumbers, fireOnRecord } from '../features/alarms/alarms.ts'
import { fireOf } from '../features/gateways/rules.ts'
import { gatewayViews } from '../features/gateways/views.ts'
import { latest } from '../latest.ts'

type Status = LiveDelta<'status'>

/** Fire as the gateways say it, the open alarms, and who is heard: what the top bar shows. */
export async function statusOf(ctx: Context): Promise<Status> {
  const [alarms, onRecord, gateways] = await Promise.all([
    alarmNumbers(ctx.db, ctx.site),
    fireOnRecord(ctx.db, ctx.site),
    gatewayViews(ctx),
  ])
  const heard = gateways.map((g) => ({ online: g.online, tick: ctx.links.fresh(g.gateway) }))
  return {
    fire: fireOf(heard, onRecord),
    ...alarms,
    gatewaysOnline: gateways.filter((g) => g.online).length,
    gatewaysTotal: gateways.length,
    serverTime: nowOf(ctx).toISOString(),
  }
}

/**
 * Recomputes the status whenever alarms or gateways change, and every 10 s as a sign of life. A burst of changes
 * costs one computation. Returns its end.
 */
export function startStatus(ctx: Context): () => void {
  ctx.live.provide('status', () => statusOf(ctx))
  let due: { cancel(): void } | null = null
  const publish = latest(async () => ctx.live.publish('status', await statusOf(ctx)))
  const soon = () => {
    due ??= ctx.clock.after(millis(50), () => {
      due = null
      publish().catch((err: unknown) => ctx.log.error({ err }, 'status'))
    })
  }
  const stop = ctx.live.listen(({ room }) => {
    if (room === 'alarms' || room === 'health') soon()
  })
  const end = every(ctx, seconds(10), publish)
  return () => {
    stop()
    end()
    due?.cancel()
  }
}
