import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { overview } from './overview.ts'

export function mountOverview(mount: Mount, ctx: Context) {
  mount(api.overview.getOverview, () => overview(ctx))
}
