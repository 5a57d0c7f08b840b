/** The life of a command as the server tells it: forward only, and the gateway's word above what silence suggests. */
import type { CommandState } from '@lantai/contracts'
import type { Static } from 'typebox'

export type State = Static<typeof CommandState>

export interface Known {
  readonly state: State
  /** Concluded from silence; anything that the gateway says of a later moment overrides it. */
  readonly inferred: boolean
}

/** `unknown` is not the end: the gateway reads the status again and may still learn what came of it (rule S6). */
const rank: Record<State, number> = {
  requested: 0,
  accepted: 1,
  running: 2,
  unknown: 3,
  refused: 4,
  done: 4,
  failed: 4,
  expired: 4,
}

/** States after which nothing more is expected. */
export const isEnd = (state: State): boolean => rank[state] >= rank.unknown

/** What is known after the gateway said `state`; null when that is old news, repeated or late. */
export function told(known: Known, state: State): Known | null {
  const before = known.inferred ? rankBefore(known.state) : rank[known.state]
  return rank[state] > before ? { state, inferred: false } : null
}

/** Expired was concluded from a request, unknown from a command that was on its way. */
const rankBefore = (inferred: State): number =>
  inferred === 'expired' ? rank.requested : rank.accepted

export interface Pending extends Known {
  /** Wall clock after which the gateway may not act on it any more; null while it waits for a second person. */
  readonly sentUntil: Date | null
  readonly approvalUntil: Date | null
  readonly gatewayOnline: boolean
  readonly updatedAt: Date
}

/** The gateway's answer may still be on its way when the command itself is too old to run. */
const graceMs = 2_000
const longestRunMs = 10 * 60_000

/** What silence says by now; null while there is nothing to conclude. Never a success, never a failure. */
export function inferredBy(
  p: Pending,
  now: Date,
): { state: 'expired' | 'unknown'; inferred: boolean; reason: string } | null {
  const t = now.getTime()
  if (p.state === 'requested') {
    if (p.approvalUntil)
      return t > p.approvalUntil.getTime()
        ? { state: 'expired', inferred: false, reason: 'no second person approved in time' }
        : null
    return p.sentUntil && t > p.sentUntil.getTime() + graceMs
      ? { state: 'expired', inferred: true, reason: 'no answer from the gateway' }
      : null
  }
  if (isEnd(p.state)) return null
  if (!p.gatewayOnline)
    return { state: 'unknown', inferred: true, reason: 'link to the gateway lost' }
  return t - p.updatedAt.getTime() > longestRunMs
    ? { state: 'unknown', inferred: true, reason: 'no end was reported' }
    : null
}
