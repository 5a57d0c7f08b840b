import { Beside, type Group, type Side } from './evidence/beside.ts'
import { viewsOf } from './evidence/views.ts'
import type { LnTogether, Neighbour } from './order/neighbours.ts'
import type { TagEvidence } from './tag-evidence.ts'
import type { Walk } from './walk.ts'

/** Questions this near to each other have one answer. */
const samePlaceMm = 10
const sameGapMm = 5
/** Factors take kilobytes, and few questions long after it ask for the same again. */
const mostGroups = 256

/** A tag as one shelf sees it, `centre` is where along the rail it was heard. */
function sideOf(walk: Walk, shelf: number, tag: number, centre: number): Side {
  const { profiles, book, referenceMhz, sights, constants } = walk
  const c = { ...constants.evidence, placeMm: constants.evidence.beside.mergeMm }
  const mine = sights[shelf] ?? []
  const views = viewsOf(profiles, tag, centre, book.channels, referenceMhz, mine, c)
  return new Beside(mine, constants.evidence).side(views, centre)
}

/** Boxes, and where they stand to each other. */
function keyOf(boxes: readonly Neighbour[]): string {
  let key = ''
  for (const { box, mm } of boxes) key += `${box}:${Math.round(mm / sameGapMm)},`
  return key
}

/**
 * How well tags, by index into the evidence, go together side by side on one shelf. Nothing before shapes are learned:
 * what all tags of a tier share would be taken for what a few of them have in common.
 */
export function lnTogetherOn(
  walk: Walk,
  shelf: number,
  evidence: readonly TagEvidence[],
): LnTogether {
  const { beside: c } = walk.constants.evidence
  const mine = walk.sights[shelf] ?? []
  if (c.common === 0 || mine.every((s) => s.offset === null)) return () => 0
  const beside = new Beside(mine, walk.constants.evidence)
  const sides = new Map<number, Side>()
  const side = (index: number): Side => {
    const { tag, heard } = (evidence[index] as TagEvidence).belief
    const found = sides.get(index) ?? sideOf(walk, shelf, tag, heard.x)
    sides.set(index, found)
    return found
  }
  const groups = new Map<string, Group>()
  const groupOf = (boxes: readonly Neighbour[], key: string): Group => {
    const found =
      groups.get(key) ??
      beside.group(
        boxes.map((b) => side(b.box)),
        boxes.map((b) => b.mm),
      )
    if (groups.size >= mostGroups) groups.clear()
    groups.set(key, found)
    return found
  }
  const known = new Map<string, number>()
  return (boxes, others, at) => {
    const [key, rest] = [keyOf(boxes), keyOf(others)]
    const question = `${key}/${rest}/${Math.round(at / samePlaceMm)}`
    const answer = known.get(question) ?? beside.ln(groupOf(boxes, key), at, groupOf(others, rest))
    known.set(question, answer)
    return answer
  }
}

/** A tag that stands where its neighbours have it, too. */
export interface Settled {
  tag: number
  shelf: number
  x: number
}

/** Neighbours among the settled, at most `most` pairs, spread over all of them. */
function pairsOf(settled: readonly Settled[], nearMm: number, most: number): [Settled, Settled][] {
  const sorted = settled.toSorted((a, b) => a.shelf - b.shelf || a.x - b.x)
  const pairs = sorted.slice(1).flatMap((right, i): [Settled, Settled][] => {
    const left = sorted[i] as Settled
    return left.shelf === right.shelf && right.x - left.x <= nearMm ? [[left, right]] : []
  })
  const each = Math.max(1, Math.ceil(pairs.length / most))
  return pairs.filter((_, i) => i % each === 0)
}

/**
 * The share of the bias that neighbours of this walk have in common: the one at which those that stand where they should
 * are told best from the same exchanged.
 */
export function commonOf(walk: Walk, settled: readonly Settled[]): number {
  const { evidence } = walk.constants
  const { shares, pairMm, pairs: most, wrongPairs } = evidence.beside
  const sides = new Map<Settled, Side>()
  const side = (box: Settled): Side => {
    const found = sides.get(box) ?? sideOf(walk, box.shelf, box.tag, box.x)
    sides.set(box, found)
    return found
  }
  const pairs = pairsOf(settled, pairMm, most).map(([left, right]) => ({
    ...{ left, right },
    of: [side(left), side(right)] as const,
  }))
  const lnOf = (common: number): number => {
    const c = { ...evidence, beside: { ...evidence.beside, common } }
    return pairs.reduce((sum, { left, right, of: [a, b] }) => {
      const beside = new Beside(walk.sights[left.shelf] ?? [], c)
      const apart = right.x - left.x
      const group = beside.group([a, b], [0, apart])
      const exchanged = { ...group, mm: [apart, 0] }
      const gain = beside.ln(group, left.x) - beside.ln(exchanged, left.x)
      return sum + Math.log(wrongPairs + (1 - 2 * wrongPairs) / (1 + Math.exp(-gain)))
    }, 0)
  }
  return climbed(shares, lnOf)
}

/** The value of greatest score, from the middle up or down as long as scores grow. */
function climbed(values: readonly number[], score: (value: number) => number): number {
  const middle = values.length >> 1
  let best = values[middle] as number
  let top = score(best)
  for (const by of [1, -1])
    for (let i = middle + by; i >= 0 && i < values.length; i += by) {
      const value = values[i] as number
      const s = score(value)
      if (s <= top) break
      best = value
      top = s
    }
  return best
}
