import { api } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { runChecks } from './checks.ts'
import { gatewayViews } from './views.ts'

export function mountGateways(mount: Mount, ctx: Context) {
  ctx.live.provide('health', async () => ({ gateways: await gatewayViews(ctx) }))
  mount(api.gateways.getHealth, async () => {
    const gateways = await gatewayViews(ctx)
    const checks = await runChecks(ctx, gateways)
    return { checks, gateways, serverTime: nowOf(ctx).toISOString() }
  })
}
