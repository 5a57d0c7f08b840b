import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { boxCard } from './card.ts'

export function mountBoxes(mount: Mount, ctx: Context) {
  mount(api.boxes.getBox, ({ params, person }) => boxCard(ctx, params.box, person))
}
