/** Who is signed in, and what they may do: the access rules of the contract, applied to the screens as well. */
import { type Access, api, type Me, type Route } from '@lantai/contracts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { ApiProblem, call } from './api.ts'
import { keyOf } from './query.ts'
import { createStore } from './store.ts'

/** Why the sign-in page is shown. */
export const endedBecause = createStore<'expired' | 'signedOut' | null>(null)

/** Null when nobody is signed in; an error only when the server could not be asked. */
export const meQuery = queryOptions<Me | null, Error>({
  queryKey: keyOf(api.people.whoAmI),
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    try {
      return await call(api.people.whoAmI, {}, signal)
    } catch (e) {
      if (e instanceof ApiProblem && e.status === 401) return null
      throw e
    }
  },
})

export const useMe = (): Me | null => useQuery(meQuery).data ?? null

export function allows(me: Me | null, access: Access): boolean {
  switch (access.who) {
    case 'anyone':
      return true
    case 'loopback':
      return false
    case 'signed-in':
      return me !== null
    case 'roles':
      return me?.roles.some((r) => access.roles.includes(r)) ?? false
  }
}

/** `useMay(api.alarms.acknowledgeAlarm)`: hides or disables what the server would refuse anyway. */
export const useMay = (route: Route): boolean => allows(useMe(), route.access)
