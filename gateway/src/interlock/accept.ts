import type { Clock } from '@lantai/contracts'
import type { Bank } from './bank.ts'
import { trialFault } from './commission.ts'
import { maxLifeMs, type Person, type Request } from './types.ts'

const mover = ['archivist', 'runner', 'facilities']
const keeper = ['archivist', 'facilities']
const holds = (p: Person, roles: string[]) => p.roles.some((r) => roles.includes(r))
const hasReason = (r: Request) => (r.reason?.trim().length ?? 0) >= 2

/** Why a request is not accepted; null when it is. Asked when it comes, and again before anything is sent. */
export function refusalOf(r: Request, bank: Bank, clock: Clock): string | null {
  switch (r.verb) {
    case 'stop':
      // S7: no interlock, role or clock stands in its way.
      return null
    case 'forbid':
      return holds(r.requester, mover) ? null : 'role may not forbid motion'
    case 'clearForbid':
      return late(r, clock) ?? clearRefusal(r, bank)
    case 'release':
      return late(r, clock) ?? releaseRefusal(r, bank)
    case 'lock':
    case 'unlock':
      return late(r, clock) ?? lockRefusal(r, bank)
    case 'open':
    case 'close':
    case 'ventilate':
      return late(r, clock) ?? motionRefusal(r, bank)
  }
}

/**
 * S4, S5: a nonce of this link that is at most 5 s old, wall-clock expiry, and a life no longer than five seconds.
 * Also for what only loosens: a release that was held back on its way must not take effect after a clock jump.
 */
function late(r: Request, clock: Clock): string | null {
  if (r.origin === 'console') return null
  if (r.nonceUntil === null) return 'nonce unknown'
  if (clock.mono() > r.nonceUntil) return 'nonce too old'
  if (r.issuedAt === null || r.expiresAt === null) return 'no expiry'
  if (r.expiresAt - r.issuedAt > maxLifeMs) return 'expiry too far away'
  if (clock.now() > r.expiresAt) return 'expired'
  return r.issuedAt > clock.now() + maxLifeMs ? 'issued in the future' : null
}

function motionRefusal(r: Request, bank: Bank): string | null {
  // S5: the console never moves anything: it has no nonce, and nobody there sees the aisle on a screen.
  // A trial is asked for by somebody who stands before the aisle, and nothing travels.
  if (r.nonceUntil === null && !r.trial) return 'nonce unknown'
  if (r.trial) {
    if (!holds(r.requester, ['facilities'])) return 'role may not commission'
    if (bank.config.leftIs === undefined || bank.config.leftIs === 'absolute')
      return 'this bank has no side polarity'
    if (bank.config.leftIs === 'unset') return 'side polarity not set'
    const fault = trialFault(bank.config.columns, r.aisle)
    if (fault) return fault
  }
  if (!holds(r.requester, mover)) return 'role may not request motion'
  if (r.verb === 'open' && !bank.config.columns.includes(r.aisle ?? 0)) return 'aisle unknown'
  if (bank.inMotion) return 'another motion of this bank is under way'
  // S4: what the person saw is what is.
  if (r.expectedRevision === null || r.expectedRevision !== bank.observed?.revision)
    return 'state changed since it was seen'
  return bank.permit(r.trial) ? null : (bank.refusal(r.trial) ?? 'no permit')
}

/** No motion, so no interlock; but a column is held or let go only while it is known to stand. */
function lockRefusal(r: Request, bank: Bank): string | null {
  if (!holds(r.requester, keeper)) return 'role may not lock a column'
  if (!hasReason(r)) return 'no reason given'
  if (!bank.config.columns.includes(r.aisle ?? 0)) return 'column unknown'
  if (bank.inMotion || bank.observed?.motion === 'moving') return 'the bank is moving'
  if (!bank.fresh()) return 'link active'
  return bank.observed?.motion === 'still' ? null : 'motion unknown'
}

/** S3: fresh good inputs, a person of the right role, a reason. */
function releaseRefusal(r: Request, bank: Bank): string | null {
  if (!holds(r.requester, keeper)) return 'role may not release'
  if (!hasReason(r)) return 'no reason given'
  if (!bank.held('boot')) return 'not inhibited by a restart'
  return bank.refusedBy()
}

/** S7: clearing needs a second person. */
function clearRefusal(r: Request, bank: Bank): string | null {
  const { approver } = r
  if (!holds(r.requester, keeper)) return 'role may not clear a forbid'
  if (!approver || approver.id === r.requester.id) return 'needs a second person'
  if (!holds(approver, keeper)) return 'role of the second person may not clear a forbid'
  if (!hasReason(r)) return 'no reason given'
  const reported = bank.interlocks().find((i) => i.input === 'forbid')?.state
  return bank.held('forbid') || reported === 'active' ? null : 'motion is not forbidden'
}
