import type { BankObserved, CommandState } from '@lantai/contracts'
import type { Bank } from './bank.ts'
import type { Request } from './types.ts'

/** Without motion for this long after the request was sent, there was none. */
const startWithinMs = 10_000
/** Carriages start one after another: a short rest on the way is not the end. */
const restMs = 3000
/** No move of a bank takes longer. */
const endWithinMs = 180_000
/** Stop and clearForbid show their effect within this time, or their result is unknown. */
const effectWithinMs = 5000
/** Where motion is never reported, no other is asked for within the time that a move may take. */
const blindMs = 60_000

/** A request that was sent, and what has been observed since. */
export interface Watch {
  readonly request: Request
  state: CommandState
  /** `storing`: not yet on disk, nothing sent. `asked`: given to the driver. */
  phase: 'storing' | 'asked'
  /** Monotonic time at which it was given to the driver. */
  askedAt: number
  /** What was observed just before. */
  before: BankObserved | null
  movedSeen: boolean
  /** Why it may not begin any more; null while it may. */
  withdrawn: string | null
  restingSince: number | null
}

export type Verdict = { state: CommandState; reason: string } | null

/** S6: what the controller's own reports say about a request; null while they say nothing final. */
export function judge(w: Watch, bank: Bank, now: number): Verdict {
  switch (w.request.verb) {
    case 'stop':
      return judgeStop(w, bank, now)
    case 'clearForbid':
      return judgeClear(w, bank, now)
    case 'lock':
    case 'unlock':
      return judgeLock(w, bank, now)
    case 'open':
    case 'close':
    case 'ventilate':
      return judgeMotion(w, bank, now)
    case 'forbid':
    case 'release':
      return null
  }
}

const reportedSince = (w: Watch, bank: Bank, now: number) =>
  now - (bank.ageMs() ?? Number.POSITIVE_INFINITY) > w.askedAt

function judgeStop(w: Watch, bank: Bank, now: number): Verdict {
  if (reportedSince(w, bank, now) && bank.fresh() && bank.observed?.motion === 'still')
    return { state: 'done', reason: 'controller reports still' }
  if (now - w.askedAt <= effectWithinMs) return null
  return bank.fresh() && bank.observed?.motion === 'moving'
    ? { state: 'failed', reason: 'controller reports moving' }
    : { state: 'unknown', reason: 'no status after the request' }
}

function judgeClear(w: Watch, bank: Bank, now: number): Verdict {
  const forbid = bank.interlocks().find((i) => i.input === 'forbid')?.state
  if (reportedSince(w, bank, now) && forbid === 'clear')
    return { state: 'done', reason: 'controller reports no forbid' }
  if (now - w.askedAt <= effectWithinMs) return null
  return forbid === 'active'
    ? { state: 'failed', reason: 'controller still reports forbid' }
    : { state: 'unknown', reason: 'no status after the request' }
}

function judgeLock(w: Watch, bank: Bank, now: number): Verdict {
  const column = bank.observed?.columns.find((c) => c.column === w.request.aisle)
  const locked = bank.fresh() ? (column?.locked ?? null) : null
  const wanted = w.request.verb === 'lock'
  const word = locked ? 'locked' : 'not locked'
  if (locked === wanted && reportedSince(w, bank, now))
    return { state: 'done', reason: `controller reports column ${w.request.aisle} ${word}` }
  if (now - w.askedAt <= effectWithinMs) return null
  return locked === null
    ? { state: 'unknown', reason: 'no status after the request' }
    : { state: 'failed', reason: `controller reports column ${w.request.aisle} ${word}` }
}

/** A controller without a motion status: nobody can say more than that it took the request (S6). */
function judgeBlind(w: Watch, now: number): Verdict {
  return now - w.askedAt > blindMs
    ? { state: 'unknown', reason: 'controller never reports motion' }
    : null
}

function judgeMotion(w: Watch, bank: Bank, now: number): Verdict {
  const o = bank.observed
  // Lost in motion: nobody knows where it stands, and nothing is sent again.
  const linked = bank.interlocks().find((i) => i.input === 'link')?.state === 'clear'
  const blind = linked && bank.config.notProvided.includes('otherAisle')
  if (o?.motion === 'unknown' && bank.fresh() && blind) return judgeBlind(w, now)
  if (!bank.fresh() || !o || o.motion === 'unknown')
    return { state: 'unknown', reason: 'link lost in motion' }
  if (reportedSince(w, bank, now) && displaced(w.before, o)) w.movedSeen = true
  if (now - w.askedAt > endWithinMs) return { state: 'failed', reason: 'did not arrive in time' }
  if (o.motion === 'moving') {
    w.movedSeen = true
    w.restingSince = null
    return w.state === 'accepted' ? { state: 'running', reason: 'controller reports moving' } : null
  }
  if (!w.movedSeen)
    return now - w.askedAt > startWithinMs ? { state: 'failed', reason: 'no motion seen' } : null
  if (arrived(w.request, bank, o)) return { state: 'done', reason: arrivedText(w.request) }
  w.restingSince ??= now
  if (now - w.restingSince <= restMs) return null
  return {
    state: 'failed',
    reason: `stopped on the way: ${bank.stoppedBy() ?? 'no input says why'}`,
  }
}

/** A controller that moves between two looks has still been seen to move: its carriages stand elsewhere. */
const displaced = (before: BankObserved | null, o: BankObserved): boolean =>
  !!before?.columns.some((b) => {
    const now = o.columns.find((c) => c.column === b.column)
    return b.xMm !== null && now?.xMm !== undefined && now.xMm !== null && now.xMm !== b.xMm
  })

/** The expected end state, as the controller reports it. */
export function arrived(r: Request, bank: Bank, o: BankObserved): boolean {
  if (o.motion !== 'still') return false
  if (r.verb === 'open') return o.openAisle === r.aisle
  if (r.verb === 'ventilate') return o.ventilating === true
  // Packed to the fixed column: no aisle between two columns is in place.
  return o.openAisle === null || o.openAisle === bank.config.columns.at(-1)
}

const arrivedText = (r: Request) =>
  r.verb === 'open' ? `controller reports aisle ${r.aisle} in place` : 'controller reports in place'
