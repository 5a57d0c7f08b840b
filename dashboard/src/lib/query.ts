/** TanStack Query over the contract's routes. */
import type { ResponseOf, Route } from '@lantai/contracts'
import { QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { ApiProblem, type CallArgs, call } from './api.ts'

const passing = new Set(['offline', 'timeout', 'unavailable'])

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // We know better than the browser whether the server answers: `navigator.onLine` is true on a dead LAN.
      networkMode: 'always',
      staleTime: 10_000,
      retry: (n, e) => n < 2 && e instanceof ApiProblem && passing.has(e.code),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

export const keyOf = (route: Route, args: unknown = {}): readonly unknown[] => [
  route.method,
  route.path,
  args,
]

interface CallOptions {
  readonly enabled?: boolean
  readonly refetchInterval?: number | false
  readonly staleTime?: number
}

/** `useCall(api.stack.getFace, { params: { face } })`. */
export function useCall<T extends Route>(
  route: T,
  args: CallArgs<T>,
  options: CallOptions = {},
): UseQueryResult<ResponseOf<T>, Error> {
  return useQuery<ResponseOf<T>, Error>({
    queryKey: keyOf(route, args),
    queryFn: ({ signal }) => call(route, args, signal),
    ...options,
  })
}

/** Fetches again whatever is open of a route, whatever its arguments. */
export const refetchRoute = (route: Route): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: [route.method, route.path] })
