import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import {
  describeCheckpoint,
  listEntries,
  passportOf,
  proveConsistency,
  proveEntry,
} from './proofs.ts'

export function mountCustody(mount: Mount, ctx: Context) {
  mount(api.custody.getCheckpoint, () => describeCheckpoint(ctx))
  mount(api.custody.getBoxCustody, (call) => passportOf(ctx, call.params.box))
  mount(api.custody.listCustody, (call) => listEntries(ctx, call.query.before, call.query.limit))
  mount(api.custody.getInclusion, (call) => proveEntry(ctx, call.params.index))
  mount(api.custody.getConsistency, (call) => proveConsistency(ctx, call.query.from, call.query.to))
}
