/** A query that live deltas keep fresh. Deltas that arrive while a fetch runs are applied to its answer too. */
import type { LiveDelta, LiveRoomName, ResponseOf, Route } from '@lantai/contracts'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type CallArgs, call } from './api.ts'
import { useLiveRoom } from './live.ts'
import { keyOf, queryClient } from './query.ts'

/** Per query: deltas seen since its running fetch began. */
const pending = new Map<string, Set<unknown[]>>()

/**
 * @param patch data and one delta to new data; called again for a delta whose effect the data holds already, so it
 * must be an upsert.
 */
export function useLiveCall<T extends Route, R extends LiveRoomName>(
  route: T,
  args: CallArgs<T>,
  room: R,
  patch: (data: ResponseOf<T>, delta: LiveDelta<R>) => ResponseOf<T>,
  enabled = true,
): UseQueryResult<ResponseOf<T>, Error> {
  const queryKey = keyOf(route, args)
  const name = JSON.stringify(queryKey)
  useLiveRoom(
    room,
    {
      onDelta: (delta) => {
        for (const list of pending.get(name) ?? []) list.push(delta)
        queryClient.setQueryData<ResponseOf<T>>(queryKey, (old) => old && patch(old, delta))
      },
      onResync: () => void queryClient.invalidateQueries({ queryKey }),
    },
    enabled,
  )
  return useQuery<ResponseOf<T>, Error>({
    queryKey,
    enabled,
    queryFn: async ({ signal }) => {
      const mine: unknown[] = []
      const lists = pending.get(name) ?? new Set()
      pending.set(name, lists.add(mine))
      try {
        const data = await call(route, args, signal)
        return mine.reduce((d: ResponseOf<T>, delta) => patch(d, delta as LiveDelta<R>), data)
      } finally {
        lists.delete(mine)
      }
    },
  })
}
