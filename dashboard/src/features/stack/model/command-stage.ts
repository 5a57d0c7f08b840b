/**
 * The course of a request, strictly from what the gateway and the controller reported (rules S5, S6). Sending is
 * only the first step; the last comes from observed status alone.
 */
import type { BankObserved, CommandView } from '@lantai/contracts'

export const steps = ['requested', 'accepted', 'running', 'done'] as const
export type Step = (typeof steps)[number]

export type Course =
  | { kind: 'underWay'; step: Exclude<Step, 'done'> }
  /** The controller reports the aisle in place. */
  | { kind: 'inPlace' }
  /** The command ended well, and the report that would show it has not come yet: not shown as in place. */
  | { kind: 'awaitingReport' }
  | { kind: 'refused' | 'failed' | 'expired'; reason: string | null }
  | { kind: 'unknown' }

/** Verbs whose end can be seen in the status of the bank. */
function seenInStatus(c: CommandView, o: BankObserved | null): boolean {
  if (!o) return false
  if (c.verb === 'open') return o.motion === 'still' && o.openAisle === c.aisle
  if (c.verb === 'close') return o.motion === 'still' && o.openAisle === null
  if (c.verb === 'ventilate') return o.motion === 'still' && o.ventilating === true
  if (c.verb === 'stop') return o.motion === 'still'
  return true
}

export function courseOf(c: CommandView, observed: BankObserved | null): Course {
  switch (c.state) {
    case 'requested':
    case 'accepted':
    case 'running':
      return { kind: 'underWay', step: c.state }
    case 'done':
      return { kind: seenInStatus(c, observed) ? 'inPlace' : 'awaitingReport' }
    case 'refused':
    case 'failed':
    case 'expired':
      return { kind: c.state, reason: c.reason }
    case 'unknown':
      return { kind: 'unknown' }
  }
}

export const isOpenCommand = (c: CommandView): boolean =>
  c.state === 'requested' || c.state === 'accepted' || c.state === 'running'

/** The aisle that was commanded and is not reported yet: drawn as a ghost outline, nothing more. */
export function ghostAisle(c: CommandView | null, observed: BankObserved | null): number | null {
  if (c?.verb !== 'open' || !isOpenCommand(c)) return null
  return observed?.openAisle === c.aisle ? null : c.aisle
}
