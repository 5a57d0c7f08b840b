/**
 * Fits what brings computed to printed probabilities (`confidence` of the locator's constants) on development walks:
 * `node --conditions=source site/bench/locating/fit-confidence.ts [walks]`. Half of the walks have a catalogue that is
 * right for 98 to 99.5 % of the boxes, half one that is right for nine of ten; half of each are in rooms drawn wider
 * (`development-wide`). Isotonic regression, then few knots, for shelf and rank; logistic regression for being misplaced.
 * Nothing of the test presets is touched.
 */
import { drawWalk, type WalkRanges, walkRanges } from '@lantai/firmware-sim'
import {
  type LocatedDetail,
  type LocatingConstants,
  locate,
  locatingConstants,
  type WalkTrust,
} from '@lantai/gateway'
import { movedKinds } from './scenes.ts'

type Knot = readonly [number, number]

interface Answer {
  claim: number
  right: number
}

const itself: readonly Knot[] = [
  [0, 0],
  [1, 1],
]
const asComputed: LocatingConstants = {
  ...locatingConstants,
  confidence: { ...locatingConstants.confidence, shelfCurve: itself, rankCurve: itself },
}

/** Pool adjacent violators: blocks of [claim, share right, answers], growing in both. */
function isotonic(answers: readonly Answer[]): { claim: number; right: number; n: number }[] {
  const blocks: { claim: number; right: number; n: number }[] = []
  for (const { claim, right } of answers.toSorted((a, b) => a.claim - b.claim)) {
    blocks.push({ claim, right, n: 1 })
    for (;;) {
      const [left, last] = [blocks.at(-2), blocks.at(-1)]
      if (!left || !last || left.right < last.right) break
      const n = left.n + last.n
      const mix = (a: number, b: number) => (a * left.n + b * last.n) / n
      blocks.splice(-2, 2, {
        claim: mix(left.claim, last.claim),
        right: mix(left.right, last.right),
        n,
      })
    }
  }
  return blocks
}

/** One knot for every so many answers, drawn a little to the middle: nothing is ever certain. */
function knots(answers: readonly Answer[], each: number): Knot[] {
  const steps: Knot[] = []
  let [n, claim, right] = [0, 0, 0]
  // A short end is drawn to the middle more, and must not fall for that.
  const step = () => {
    const share = round((right + 0.5) / (n + 1))
    steps.push([round(claim / n), Math.max(share, steps.at(-1)?.[1] ?? 0)])
  }
  for (const b of isotonic(answers)) {
    n += b.n
    claim += b.n * b.claim
    right += b.n * b.right
    if (n < each) continue
    step()
    ;[n, claim, right] = [0, 0, 0]
  }
  // The surest, however few of them are left: the curve goes on from its last knot.
  if (n > 0) step()
  return [[0, 0], ...steps.filter(([c], i) => c > (steps[i - 1]?.[0] ?? 0))]
}

const round = (p: number): number => Math.round(p * 10_000) / 10_000

/** What is computed of a box and of its walk, and whether it was moved. */
interface Suspect {
  given: readonly number[]
  moved: number
}

const lnOdds = (p: number): number => Math.log(p / (1 - p))

/** What `misplaced` of the locator's `confidence.ts` is made of, from what it made of it. */
function suspect({ misplaced, reason }: LocatedDetail, walk: WalkTrust, moved: boolean): Suspect {
  const c = locatingConstants.confidence.misplaced
  const times = (share: number) => Math.log((share + c.leastShare) / c.usualShare)
  const [astray, unsettled] = [times(walk.astray), times(walk.unsettled)]
  const board = Number(reason === 'other-shelf' || reason === 'none-of-these-shelves')
  const rest = c.ln + c.otherBoard * board + c.astray * astray + c.unsettled * unsettled
  const told = lnOdds(misplaced ?? 0.5) - rest
  const ln = told / (told > 0 ? c.odds : c.odds + c.evenBelow)
  return { given: [1, ln, Math.min(0, ln), board, astray, unsettled], moved: Number(moved) }
}

const logistic = (given: readonly number[], by: readonly number[]): number =>
  1 / (1 + Math.exp(-given.reduce((sum, v, i) => sum + v * (by[i] as number), 0)))

/** Solves a symmetric system of few equations by elimination; its rows are used up. */
function solved(rows: number[][]): number[] {
  const n = rows.length
  for (const [i, row] of rows.entries())
    for (const below of rows.slice(i + 1)) {
      const by = (below[i] as number) / (row[i] as number)
      for (let j = i; j <= n; j++) below[j] = (below[j] as number) - by * (row[j] as number)
    }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i] as number[]
    const known = x.reduce((sum, v, j) => sum + (j > i ? v * (row[j] as number) : 0), 0)
    x[i] = ((row[n] as number) - known) / (row[i] as number)
  }
  return x
}

/** Logistic regression by Newton's method; a dozen rounds are more than enough. */
function regressed(suspects: readonly Suspect[]): number[] {
  const n = suspects[0]?.given.length ?? 0
  let by = new Array<number>(n).fill(0)
  for (let round = 0; round < 12; round++) {
    const rows = by.map(() => new Array<number>(n + 1).fill(0))
    for (const { given, moved } of suspects) {
      const p = logistic(given, by)
      for (const [i, row] of rows.entries()) {
        const v = given[i] as number
        for (let j = 0; j < n; j++)
          row[j] = (row[j] as number) + p * (1 - p) * v * (given[j] as number)
        row[n] = (row[n] as number) + (moved - p) * v
      }
    }
    const step = solved(rows)
    by = by.map((v, i) => v + (step[i] as number))
  }
  return by
}

/** Truth of one walk: shelf and rank among the boxes that were read, by EPC. */
function truthOf(walk: ReturnType<typeof drawWalk>): Map<string, { shelf: string; rank: number }> {
  const read = new Set(walk.reads.map((r) => r.epc))
  const standing = walk.truth.boxes.filter((b) => b.shelf !== null && read.has(b.epc))
  const truth = new Map<string, { shelf: string; rank: number }>()
  for (const row of Map.groupBy(standing, (b) => b.shelf as string).values())
    for (const [i, b] of row.toSorted((a, z) => (a.rank ?? 0) - (z.rank ?? 0)).entries())
      truth.set(b.epc, { shelf: b.shelf as string, rank: i + 1 })
  return truth
}

const { misplacing } = walkRanges['development-hard']
const kinds = [walkRanges.development, walkRanges['development-wide']].flatMap((rooms) => [
  rooms,
  { ...rooms, misplacing },
])
const asCatalogued = new Set(['in-slot', 'not-in-catalogue', 'no-catalogue'])
const walks = Number(process.argv[2] ?? 480)
const shelf: Answer[] = []
const rank: Answer[] = []
const suspects: Suspect[] = []
for (let i = 0; i < walks; i++) {
  const walk = drawWalk(`fit-${i}`, kinds[i % kinds.length] as WalkRanges)
  const truth = truthOf(walk)
  const { located, detail, trust } = locate(walk.reads, walk.scene, asComputed)
  const moved = new Map(walk.truth.boxes.map((b) => [b.epc, movedKinds.includes(b.kind)]))
  for (const d of detail)
    if (d.misplaced !== null) suspects.push(suspect(d, trust, moved.get(d.epc) === true))
  for (const [k, l] of located.entries()) {
    if (l.shelf === null) continue
    const t = truth.get(l.epc)
    const onShelf = Number(t?.shelf === l.shelf)
    shelf.push({ claim: detail[k]?.confidence.shelf ?? 0, right: onShelf })
    // Ranks that are not the catalogue's are told by `misplaced` as well.
    if (asCatalogued.has(detail[k]?.reason ?? ''))
      rank.push({ claim: l.confidence, right: onShelf * Number(t?.rank === l.rank) })
  }
}
const each = 1500
const { leastLn } = locatingConstants.confidence.misplaced
const inDoubt = suspects.filter(({ given: [, ln = 0] }) => ln > leastLn + 1e-6)
const [ln, odds, evenBelow, otherBoard, astray, unsettled] = regressed(inDoubt).map(round)
const misplaced = { ln, odds, evenBelow, otherBoard, astray, unsettled }
const curves = { shelfCurve: knots(shelf, each), rankCurve: knots(rank, each) }
process.stdout.write(`${JSON.stringify({ walks, answers: rank.length, misplaced, ...curves })}\n`)
