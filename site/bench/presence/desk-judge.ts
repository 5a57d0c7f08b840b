import { percentile } from '../figure.ts'
import type { Said } from './desk-methods.ts'
import type { DeskStream } from './desk-stream.ts'

export interface DeskScore {
  stays: number
  /** Departures said while the box lay there. */
  falseDepartures: number
  /** Returns that stood so close to the stay before that the box was never said to have left. */
  missedDepartures: number
  /** From taking the box away until it is said, of the departures that were said: seconds. */
  lateP50: number
  lateP90: number
  /** Seconds of all tags in which what is said is not so, over the seconds in which they lay there. */
  wrongShare: number
}

/** What was said, held against the truth. A stay counts from its first read: before it nobody can know. */
export function judgeDesk(stream: DeskStream, said: Said): DeskScore {
  const late: number[] = []
  let falseDepartures = 0
  let missedDepartures = 0
  let wrong = 0
  let there = 0
  for (const epc of new Set(stream.stays.map((s) => s.epc))) {
    const stays = stream.stays.filter((s) => s.epc === epc)
    const spans = said.get(epc) ?? []
    for (const [i, stay] of stays.entries()) {
      const next = stays[i + 1]?.from ?? stream.lastsMs + 600_000
      there += stay.to - stay.from
      falseDepartures += spans.filter((s) => s.to > stay.from && s.to < stay.to).length
      const left = spans.find((s) => s.to >= stay.to && s.to < next)
      if (stay.to >= stream.lastsMs) continue
      if (left) late.push(left.to - stay.to)
      else if (i + 1 < stays.length) missedDepartures++
    }
    wrong += symmetricDifference(stays, spans, stream.lastsMs)
  }
  return {
    stays: stream.stays.length,
    falseDepartures,
    missedDepartures,
    lateP50: percentile(late, 50) / 1000,
    lateP90: percentile(late, 90) / 1000,
    wrongShare: wrong / there,
  }
}

interface Span {
  from: number
  to: number
}

/** Milliseconds in which exactly one of the two says "there", up to the end of the stream. */
function symmetricDifference(a: readonly Span[], b: readonly Span[], end: number): number {
  const length = (spans: readonly Span[]) =>
    spans.reduce((sum, s) => sum + Math.max(0, Math.min(end, s.to) - s.from), 0)
  let both = 0
  for (const x of a)
    for (const y of b) both += Math.max(0, Math.min(x.to, y.to, end) - Math.max(x.from, y.from))
  return length(a) + length(b) - 2 * both
}
