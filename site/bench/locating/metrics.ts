/** What is counted of an answer beside the truth (locating 11). Tallies add up; figures are made of them at the end. */
import type { Located } from '@lantai/contracts'
import { type Answer, type LocatingCase, sameEpc, type TruePlace } from './case.ts'

/** Confidence of an answer, and whether it was right. */
export interface Claim {
  confidence: number
  right: boolean
}

/** How strongly a box was held to be out of place, and whether it was. */
export interface Suspicion {
  score: number
  moved: boolean
}

export interface Tally {
  /** Boxes of known place that were read, and how many of them have the right shelf, and shelf and rank. */
  read: number
  shelfRight: number
  rankRight: number
  /** Tags that were read, and how many were rightly held to stand on this face or not to. */
  heard: number
  faceRight: number
  pairs: number
  pairsRight: number
  /** Centimetres, of boxes on the right shelf. */
  errors: number[]
  /** Of boxes that were read and expected. */
  moved: number
  reported: number
  reportedRight: number
  expectedRead: number
  suspicions: Suspicion[]
  claims: Claim[]
  /** Of the expected: silent ones, and what was said of them. */
  expected: number
  uncovered: number
  unread: number
  /** What the ones called unread truly were: with a dead tag, standing there alive, gone from these shelves. */
  unreadDead: number
  unreadAlive: number
  unreadGone: number
  /** Boxes that stand on these shelves and were said to be gone or suspected of it. */
  suspected: number
  falseMissing: number
  reads: number
  seconds: number
}

export const emptyTally = (): Tally => ({
  ...{ read: 0, shelfRight: 0, rankRight: 0, heard: 0, faceRight: 0, pairs: 0, pairsRight: 0 },
  ...{ errors: [], moved: 0, reported: 0, reportedRight: 0, expectedRead: 0, suspicions: [] },
  ...{
    claims: [],
    expected: 0,
    uncovered: 0,
    unread: 0,
    unreadDead: 0,
    unreadAlive: 0,
    unreadGone: 0,
    suspected: 0,
    falseMissing: 0,
  },
  ...{ reads: 0, seconds: 0 },
})

/** Sum of tallies; lists one behind the other. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = emptyTally() as unknown as Record<string, number | unknown[]>
  for (const tally of tallies)
    for (const [key, value] of Object.entries(tally) as [string, number | unknown[]][]) {
      const so = sum[key]
      if (Array.isArray(so) && Array.isArray(value)) for (const v of value) so.push(v)
      else sum[key] = (so as number) + (value as number)
    }
  return sum as unknown as Tally
}

/** What the truth says of a tag that was read. */
interface Due {
  place: TruePlace
  /** 1 is the smallest x, among the boxes of that shelf that were read. null: not on these shelves. */
  rank: number | null
}

function dueOf({ truth, reads }: LocatingCase): Due[] {
  const heard = new Set(reads.map((r) => sameEpc(r.epc)))
  const read = truth.filter((t) => heard.has(sameEpc(t.epc)))
  const rows = Map.groupBy(
    read.filter((t) => t.shelf !== null && t.xMm !== null),
    (t) => t.shelf,
  )
  const ranks = new Map<TruePlace, number>()
  for (const row of rows.values()) {
    row.sort((a, b) => (a.xMm as number) - (b.xMm as number))
    for (const [i, t] of row.entries()) ranks.set(t, i + 1)
  }
  return read.map((place) => ({ place, rank: ranks.get(place) ?? null }))
}

/** Ranks counted anew among the scored tags that the answer has on one shelf. */
function ranksOf(given: LocatingCase, located: readonly Located[]): Map<string, number | null> {
  if (given.ranks === 'printed') return new Map(located.map((l) => [sameEpc(l.epc), l.rank]))
  const scored = new Set(given.truth.filter((t) => t.scored).map((t) => sameEpc(t.epc)))
  const kept = located.filter((l) => l.rank !== null && scored.has(sameEpc(l.epc)))
  const ranks = new Map<string, number>()
  for (const row of Map.groupBy(kept, (l) => l.shelf).values()) {
    row.sort((a, b) => (a.rank as number) - (b.rank as number))
    for (const [i, l] of row.entries()) ranks.set(sameEpc(l.epc), i + 1)
  }
  return ranks
}

/** Everything that is counted of one case. `seconds` is what the method took for it. */
export function tallyOf(given: LocatingCase, answer: Answer, seconds: number): Tally {
  const tally = { ...emptyTally(), reads: given.reads.length, seconds }
  const by = new Map(answer.located.map((l) => [sameEpc(l.epc), l]))
  const ranks = ranksOf(given, answer.located)
  const due = dueOf(given)
  const scored = due.filter((d) => d.place.scored)
  countPlaces(tally, scored, by, ranks)
  countPairs(tally, scored, by, ranks)
  tally.errors = errorsOf(scored, by, given.freeOffset)
  countCatalogue(tally, given, due, by, answer)
  countSilence(tally, given, answer)
  return tally
}

type ByEpc = ReadonlyMap<string, Located>
type Ranks = ReadonlyMap<string, number | null>

const answerOf = (by: ByEpc, { place }: Due) => by.get(sameEpc(place.epc))
const rankedAs = (ranks: Ranks, { place }: Due) => ranks.get(sameEpc(place.epc)) ?? null
const shelfIsRight = (l: Located | undefined, { place }: Due) => (l?.shelf ?? null) === place.shelf

function countPlaces(tally: Tally, scored: readonly Due[], by: ByEpc, ranks: Ranks) {
  for (const due of scored) {
    const located = answerOf(by, due)
    tally.heard++
    if (((located?.shelf ?? null) === null) === (due.place.shelf === null)) tally.faceRight++
    const right = shelfIsRight(located, due) && rankedAs(ranks, due) === due.rank
    // Who names no shelf claims no shelf and rank.
    if (located && located.shelf !== null)
      tally.claims.push({ confidence: located.confidence, right })
    if (due.rank === null) continue
    tally.read++
    if (shelfIsRight(located, due)) tally.shelfRight++
    if (right) tally.rankRight++
  }
}

function countPairs(tally: Tally, scored: readonly Due[], by: ByEpc, ranks: Ranks) {
  const placed = scored.filter((d) => d.rank !== null)
  for (const row of Map.groupBy(placed, (d) => d.place.shelf).values()) {
    row.sort((a, b) => (a.rank as number) - (b.rank as number))
    for (const [i, right] of row.entries()) {
      const left = row[i - 1]
      if (!left) continue
      tally.pairs++
      const [a, b] = [rankedAs(ranks, left), rankedAs(ranks, right)]
      const both = [left, right].every((d) => shelfIsRight(answerOf(by, d), d))
      if (both && a !== null && b !== null && a < b) tally.pairsRight++
    }
  }
}

function errorsOf(scored: readonly Due[], by: ByEpc, freeOffset: boolean): number[] {
  const signed = scored.flatMap((due) => {
    const x = shelfIsRight(answerOf(by, due), due) ? (answerOf(by, due)?.xMm ?? null) : null
    return x === null || due.place.xMm === null ? [] : [(x - due.place.xMm) / 10]
  })
  const offset = freeOffset ? quantile(signed, 0.5) : 0
  return signed.map((e) => Math.abs(e - offset))
}

function countCatalogue(
  tally: Tally,
  { scene, truth }: LocatingCase,
  due: readonly Due[],
  by: ByEpc,
  answer: Answer,
) {
  if (!scene.expected) return
  const expected = new Set(scene.expected.map((e) => sameEpc(e.epc)))
  const heard = new Set(due.map((d) => sameEpc(d.place.epc)))
  tally.expected = scene.expected.length
  for (const { epc, moved } of truth) {
    const key = sameEpc(epc)
    if (!expected.has(key) || !heard.has(key)) continue
    tally.expectedRead++
    if (moved) tally.moved++
    const reported = by.get(key)?.class === 'misplaced'
    if (reported) tally.reported++
    if (reported && moved) tally.reportedRight++
    tally.suspicions.push({ score: answer.misplacement.get(key) ?? 0, moved })
  }
}

function countSilence(tally: Tally, { truth }: LocatingCase, answer: Answer) {
  const here = new Set(truth.filter((t) => t.shelf !== null).map((t) => sameEpc(t.epc)))
  const dead = new Set(truth.filter((t) => t.dead).map((t) => sameEpc(t.epc)))
  for (const { epc, class: said } of answer.located) {
    if (said === 'uncovered') tally.uncovered++
    if (said !== 'unread') continue
    tally.unread++
    if (!here.has(sameEpc(epc))) tally.unreadGone++
    else if (dead.has(sameEpc(epc))) tally.unreadDead++
    else tally.unreadAlive++
  }
  tally.suspected = answer.suspected.length
  tally.falseMissing = answer.suspected.filter((epc) => here.has(sameEpc(epc))).length
}

/** Value below which a share `p` of the values lies, linear between ranks; NaN of none. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (at - Math.floor(at)) * (high - low)
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

/**
 * Share of the moved boxes that is found when the threshold lies where at most one box in a thousand that stands in
 * its place is reported. Equal scores stand or fall together. NaN when nothing was moved.
 */
export function recallAtOnePerThousand(suspicions: readonly Suspicion[]): number {
  const allowed = Math.floor(suspicions.filter((s) => !s.moved).length / 1000)
  const falls = suspicions
    .filter((s) => !s.moved)
    .map((s) => s.score)
    .sort((a, b) => b - a)
  const threshold = falls[allowed] ?? Number.NEGATIVE_INFINITY
  const moved = suspicions.filter((s) => s.moved)
  return moved.filter((s) => s.score > threshold).length / moved.length
}

/** Expected calibration error over bins of equal count: Σ n_b/N · |share right − mean confidence|. */
export function calibrationError(claims: readonly Claim[], bins = 15): number {
  const parts = equalBins(claims, bins)
  return parts.reduce(
    (sum, b) => sum + (b.claims / claims.length) * Math.abs(b.right - b.confidence),
    0,
  )
}

export interface Band {
  claims: number
  /** Mean confidence that was printed. */
  confidence: number
  /** Share that was right. */
  right: number
}

const bandOf = (part: readonly Claim[]): Band => ({
  claims: part.length,
  confidence: mean(part.map((c) => c.confidence)),
  right: part.filter((c) => c.right).length / part.length,
})

/** Claims in order of confidence, cut into parts of equal count. Equal confidences are mixed by their outcome alone. */
export function equalBins(claims: readonly Claim[], bins: number): Band[] {
  const sorted = [...claims].sort((a, b) => a.confidence - b.confidence)
  const parts = Array.from({ length: bins }, (_, i) =>
    sorted.slice(
      Math.round((i * sorted.length) / bins),
      Math.round(((i + 1) * sorted.length) / bins),
    ),
  )
  return parts.filter((p) => p.length > 0).map(bandOf)
}

/** Bounds of the bands in which a printed confidence is checked. */
const bounds = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1]

/** Bands of printed confidence, those with at least 200 answers. */
export function bandsOf(claims: readonly Claim[]): Band[] {
  const parts = bounds.slice(1).map((to, i) => {
    const from = bounds[i] as number
    return claims.filter((c) => c.confidence >= from && (c.confidence < to || to === 1))
  })
  return parts.filter((p) => p.length >= 200).map(bandOf)
}

/** The figures of a tally; shares from 0 to 1, NaN where there is nothing to share. */
export interface Figures {
  rank: number
  adjacent: number
  errorMean: number
  errorMedian: number
  errorP90: number
  face: number
  shelf: number
  precision: number
  recall: number
  recallAt1: number
  falsePer1000: number
  uncovered: number
  unread: number
  falseMissing: number
  ece: number
  /** Largest distance between claim and outcome in a band of at least 200 answers. */
  worstBand: number
  microsPerRead: number
}

export function figuresOf(t: Tally): Figures {
  const bands = bandsOf(t.claims)
  return {
    rank: t.rankRight / t.read,
    adjacent: t.pairsRight / t.pairs,
    errorMean: mean(t.errors),
    errorMedian: quantile(t.errors, 0.5),
    errorP90: quantile(t.errors, 0.9),
    face: t.faceRight / t.heard,
    shelf: t.shelfRight / t.read,
    precision: t.reportedRight / t.reported,
    recall: t.reportedRight / t.moved,
    recallAt1: recallAtOnePerThousand(t.suspicions),
    falsePer1000: (1000 * (t.reported - t.reportedRight)) / (t.expectedRead - t.moved),
    uncovered: t.uncovered / t.expected,
    unread: t.unread / t.expected,
    falseMissing: t.falseMissing,
    ece: calibrationError(t.claims),
    worstBand: Math.max(...bands.map((b) => Math.abs(b.right - b.confidence))),
    microsPerRead: (1e6 * t.seconds) / t.reads,
  }
}

/** Mean over the seeds with the least and the most. */
export interface Spread {
  mean: number
  min: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const real = values.filter((v) => !Number.isNaN(v))
  return { mean: mean(real), min: Math.min(...real), max: Math.max(...real) }
}
