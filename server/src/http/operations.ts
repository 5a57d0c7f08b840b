import { api } from '@lantai/contracts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { DomainError } from './domain-error.ts'
import type { Mount } from './mount.ts'

/** Liveness, readiness, Prometheus text. */
export function mountOperations(mount: Mount, ctx: Context) {
  mount(api.operations.healthz, async () => ({ ok: true as const }))
  mount(api.operations.readyz, async () => {
    const database = await answers(ctx)
    if (!database || !ctx.mqtt.carries)
      throw new DomainError('unavailable', database ? 'broker' : 'database')
    return { ready: true }
  })
  mount(api.operations.metrics, async (call) => {
    call.headers({ 'content-type': ctx.metrics.registry.contentType })
    return await ctx.metrics.registry.metrics()
  })
}

const answers = (ctx: Context) =>
  sql`select 1`.execute(ctx.db).then(
    () => true,
    () => false,
  )
