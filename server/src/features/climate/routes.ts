import { api } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { sensorViews, series } from './climate.ts'

export function mountClimate(mount: Mount, ctx: Context) {
  mount(api.climate.listSensors, async () => ({
    sensors: await sensorViews(ctx),
    serverTime: nowOf(ctx).toISOString(),
  }))
  mount(api.climate.getSeries, ({ params, query }) =>
    series(ctx, params.sensor, params.quantity, query.span),
  )
}
