/** Fire and the worst open alarm for the top bar, as the gateways last reported. */
import { api, type LiveDelta } from '@lantai/contracts'
import { link, useLiveRoom } from './live.ts'
import { refetchRoute } from './query.ts'
import { createStore, useStore } from './store.ts'

export type Status = LiveDelta<'status'>
const status = createStore<Status | null>(null)
export const forgetStatus = (): void => status.set(null)

/** Mounted once, by the shell. */
export function useStatusFeed(): void {
  useLiveRoom('status', {
    onDelta: (s) => status.set(s),
    onResync: () => void refetchRoute(api.overview.getOverview),
  })
}

/** Null when nothing is known yet. While the link is lost the last status is not the present one. */
export function useStatus(): { status: Status | null; live: boolean } {
  return { status: useStore(status), live: useStore(link) === 'up' }
}

export type Fire = Status['fire']
/** With the link lost, fire is unknown; but a fire that was reported stays on the screen until it is denied. */
export function fireShown(s: Status | null, live: boolean): Fire {
  if (!s) return 'unknown'
  return live || s.fire !== 'normal' ? s.fire : 'unknown'
}
