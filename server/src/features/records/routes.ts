import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { getFile, householdQuery, listCategories } from './records.ts'
import { search } from './search.ts'

export function mountRecords(mount: Mount, ctx: Context) {
  mount(
    api.records.search,
    async ({ body, person }) => await search(ctx, body.q, body.limit ?? 20, person),
  )
  mount(api.records.getFile, async ({ params, person }) => await getFile(ctx, params.file, person))
  mount(
    api.records.householdQuery,
    async ({ body, person }) => await householdQuery(ctx, body, person),
  )
  mount(api.records.listCategories, async ({ person }) => await listCategories(ctx, person))
}
