import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { acknowledge, listAlarms } from './alarms.ts'

export function mountAlarms(mount: Mount, ctx: Context) {
  ctx.live.provide('alarms', async () => ({ alarms: (await listAlarms(ctx, 'open')).alarms }))
  mount(api.alarms.listAlarms, async ({ query }) => await listAlarms(ctx, query.show ?? 'open'))
  mount(
    api.alarms.acknowledgeAlarm,
    async ({ params, body, person }) =>
      await acknowledge(ctx, params.alarm, person, body.comment ?? null),
  )
}
