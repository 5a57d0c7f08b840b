/**
 * Fits the curves from computed to printed confidence (`confidence` of the locator's constants) on development walks:
 * `node --conditions=source site/bench/locating/fit-confidence.ts [walks]`. Half of the walks have a catalogue that is
 * right for 98 to 99.5 % of the boxes, half one that is right for nine of ten; half of each are in rooms drawn wider
 * (`development-wide`). Isotonic regression, then few knots. Nothing of the test presets is touched.
 */
import { drawWalk, type WalkRanges, walkRanges } from '@lantai/firmware-sim'
import { type LocatingConstants, locate, locatingConstants } from '@lantai/gateway'

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
const walks = Number(process.argv[2] ?? 480)
const shelf: Answer[] = []
const rank: Answer[] = []
for (let i = 0; i < walks; i++) {
  const walk = drawWalk(`fit-${i}`, kinds[i % kinds.length] as WalkRanges)
  const truth = truthOf(walk)
  const { located, detail } = locate(walk.reads, walk.scene, asComputed)
  for (const [k, l] of located.entries()) {
    if (l.shelf === null) continue
    const t = truth.get(l.epc)
    const onShelf = Number(t?.shelf === l.shelf)
    shelf.push({ claim: detail[k]?.confidence.shelf ?? 0, right: onShelf })
    rank.push({ claim: l.confidence, right: onShelf * Number(t?.rank === l.rank) })
  }
}
const each = 1500
process.stdout.write(
  `${JSON.stringify({ walks, answers: rank.length, shelfCurve: knots(shelf, each), rankCurve: knots(rank, each) })}\n`,
)
