import { api } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import type { Mount } from '../../http/mount.ts'
import { listPeople, signIn, signOut, unlock, whoAmI } from './people.ts'

export function mountPeople(mount: Mount, ctx: Context) {
  mount(api.people.signIn, async (call) => {
    const { token, known, me } = await signIn(ctx, call.body, call)
    call.cookie.set(token, known)
    return me
  })
  mount(api.people.whoAmI, (call) => whoAmI(ctx, call.person))
  mount(api.people.signOut, async (call) => {
    await signOut(ctx, call.person)
    call.cookie.clear()
    return {}
  })
  mount(api.people.unlock, async ({ params, body, person }) => {
    await unlock(ctx, params.person, person, body.reason)
    return {}
  })
  mount(api.people.listPeople, async () => ({ people: await listPeople(ctx) }))
}
