import { api } from '@lantai/contracts'
import { type Context, nowOf } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { Mount } from '../../http/mount.ts'
import { findBox } from '../boxes/boxes.ts'
import { beliefsOf, evidenceOf } from './whereabouts.ts'

export function mountWhereabouts(mount: Mount, ctx: Context) {
  mount(api.boxes.getWhereabouts, async (call) => {
    const box = await findBox(ctx.db, ctx.site, call.params.box)
    if (!box) throw new DomainError('box-unknown')
    const beliefs = await beliefsOf(ctx.db, ctx.site, [box.id], nowOf(ctx))
    const belief = beliefs.get(box.id)
    if (!belief) throw new DomainError('not-found', 'nothing is known of where it is')
    return { belief, evidence: await evidenceOf(ctx.db, ctx.site, box.id) }
  })
}
