import type { Context } from '../../context.ts'
import type { Effect } from '../../ingest/effect.ts'
import { gapReachesInto, insertRound, type LastRound, lastRound } from './round-store.ts'
import { publishHealth } from './views.ts'

/**
 * Rounds of a reader. One into which a gap reaches is not complete, whichever of the two is told first: the gap goes in
 * a lane that comes earlier, and may reach back further.
 */
export async function applyRounds(effect: Effect<'lantai.round.v1'>, ctx: Context): Promise<void> {
  const { trx, site, gateway, epoch, now } = effect
  let news = false
  for (const { seq, body } of effect.items) {
    const of = { site, gateway, device: body.reader }
    const before = await lastRound(trx, of)
    const gap = await gapReachesInto(trx, of, body)
    const complete = body.troubles.length === 0 && !gap
    await insertRound(trx, { ...of, epoch, seq, body, gap, receivedAt: now })
    news ||= isNews(before, { complete, receivedAt: now })
  }
  if (news) effect.afterCommit(() => publishHealth(ctx, gateway))
}

/** A reader may end a round each second: pages hear of each that is incomplete, of a turn, and of the rest by the minute. */
export const isNews = (before: LastRound | null, round: LastRound): boolean =>
  !before?.complete || !round.complete || minuteOf(before) !== minuteOf(round)
const minuteOf = (r: LastRound) => Math.floor(r.receivedAt.getTime() / 60_000)
