import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { faceView } from './face.ts'
import { moveBox, undoMove } from './moves.ts'
import { occupancy } from './occupancy.ts'
import { currentLayout } from './stack.ts'

export function mountStack(mount: Mount, ctx: Context) {
  const { stack } = api
  mount(stack.getLayout, () => currentLayout(ctx.db, ctx.site))
  mount(stack.getOccupancy, ({ person }) => occupancy(ctx, person.clearance))
  mount(stack.getFace, ({ params }) => faceView(ctx, params.face))
  mount(stack.moveBox, ({ body, person }) => moveBox(ctx, body, person))
  mount(stack.undoMove, ({ params, person }) => undoMove(ctx, params.move, person))
}
