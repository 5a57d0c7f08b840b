import type { CoverageMap, SlotProof, UncoveredReason, WalkScene } from '@lantai/contracts'
import type { CoverageConstants } from './constants.ts'
import type { Track } from './track.ts'

export type Stretch = [from: number, to: number]

/** How one shelf was walked past, by the antennas that hear it. */
export interface ShelfWay {
  /** Below the speed limit and without a hole in the odometer. */
  slow: readonly Stretch[]
  /** The same at any speed. */
  walked: readonly Stretch[]
  /** From the least to the greatest x that the cart ever said. */
  extent: Stretch
}

/** One slot of the catalogue, with what was heard of its box. */
export interface CoverSlot {
  epc: string
  shelf: number
  rank: number
  /** Where the slot is, by its box or by its neighbours; null where nothing tells. */
  x: number | null
  /** All reads of its box on this walk. */
  reads: number
  /** The box was read on another shelf: it says nothing about what a tag here would give. */
  elsewhere: boolean
}

/** A shelf tag: where it is glued and how often it was read. */
export interface CoverReference {
  shelf: number
  x: number
  reads: number
}

/**
 * Stretches of the rail that a cart walked below the speed limit without a hole in its odometer; `x` are the poses
 * after correction. In order, without overlaps; those of several passes join where they meet.
 */
export function walkedStretches(
  track: Track,
  x: Float64Array,
  fastestMmPerS: number,
  c: CoverageConstants,
): Stretch[] {
  const found: Stretch[] = []
  for (const { from, to } of track.passes) {
    let begin = from
    for (let i = from; i <= to; i++) {
      if (i < to && speedAt(track.at, x, i, from, to, c) <= fastestMmPerS) continue
      if (i > begin) found.push(ordered(x[begin] as number, x[i] as number))
      begin = i + 1
    }
  }
  return joined(found)
}

const ordered = (a: number, b: number): Stretch => (a < b ? [a, b] : [b, a])

/** Speed over some tenths of a second around pose `i`: the steps of an odometer alone tell none. mm/s. */
function speedAt(
  at: Float64Array,
  x: Float64Array,
  i: number,
  from: number,
  to: number,
  c: CoverageConstants,
): number {
  let a = i
  let b = i + 1
  while (a > from && (at[i] as number) - (at[a] as number) < c.speedWindowUs / 2) a--
  while (b < to && (at[b] as number) - (at[i] as number) < c.speedWindowUs / 2) b++
  return (
    (Math.abs((x[b] as number) - (x[a] as number)) * 1e6) / ((at[b] as number) - (at[a] as number))
  )
}

function joined(stretches: Stretch[]): Stretch[] {
  stretches.sort((a, b) => a[0] - b[0])
  const out: Stretch[] = []
  for (const s of stretches) {
    const last = out.at(-1)
    if (last && s[0] <= last[1]) last[1] = Math.max(last[1], s[1])
    else out.push([...s])
  }
  return out
}

/** Reads that a live tag gives here, as a negative binomial. */
interface Rate {
  mean: number
  dispersion: number
}

const silentOf = ({ mean, dispersion: k }: Rate): number => (k / (k + mean)) ** k

/**
 * Fits the reads of neighbours, read and unread. A silent one may be a dead tag, which says nothing about a live one:
 * it counts as live by the chance that it is (dead tags are as rare as they are, so a silent stretch stays silent).
 */
function fitRate(reads: readonly number[], c: CoverageConstants): Rate {
  let rate: Rate = { mean: reads.reduce((a, b) => a + b, 0) / reads.length, dispersion: 1 }
  for (let round = 0; round < c.rateRounds; round++) {
    const quiet = (1 - c.deadShare) * silentOf(rate)
    const live = quiet / (quiet + c.deadShare)
    let [all, sum, squares] = [0, 0, 0]
    for (const n of reads) {
      all += n > 0 ? 1 : live
      sum += n
    }
    if (all === 0) break
    const mean = sum / all
    for (const n of reads) squares += (n > 0 ? 1 : live) * (n - mean) ** 2
    // One over k is the variance beyond Poisson's in units of mean²; few neighbours are drawn to what walks show.
    const over = (squares - all * mean) / Math.max(mean ** 2, 1)
    const inverse = (over + c.priorNeighbours / c.priorDispersion) / (all + c.priorNeighbours)
    rate = { mean, dispersion: Math.min(c.mostDispersion, 1 / Math.max(1e-3, inverse)) }
  }
  return rate
}

class Proofs {
  readonly #scene: WalkScene
  readonly #slots: readonly CoverSlot[]
  readonly #references: readonly CoverReference[]
  readonly #ways: readonly ShelfWay[]
  readonly #c: CoverageConstants

  constructor(
    scene: WalkScene,
    slots: readonly CoverSlot[],
    references: readonly CoverReference[],
    ways: readonly ShelfWay[],
    c: CoverageConstants,
  ) {
    this.#scene = scene
    this.#slots = slots
    this.#references = references
    this.#ways = ways
    this.#c = c
  }

  prove(slot: CoverSlot): SlotProof {
    const near = this.#neighbours(slot)
    const rate =
      near.length > 0
        ? fitRate(
            near.map((s) => s.reads),
            this.#c,
          )
        : { mean: 0, dispersion: this.#c.priorDispersion }
    const silentProbability = near.length > 0 ? silentOf(rate) : 1
    const referenceReads = this.#referenceReads(slot)
    const reason =
      this.#track(slot) ??
      this.#shelfTags(referenceReads) ??
      (near.length < this.#c.leastNeighbours || silentProbability > this.#c.silentAtMost
        ? 'too-few-reads'
        : null)
    return {
      epc: slot.epc,
      shelf: this.#scene.shelves[slot.shelf]?.shelf ?? '',
      rank: slot.rank,
      xMm: slot.x,
      covered: reason === null,
      reason,
      referenceReads,
      neighbours: { expected: near.length, read: near.filter((s) => s.reads > 0).length },
      expectedReads: rate.mean,
      dispersion: rate.dispersion,
      silentProbability,
    }
  }

  #neighbours(slot: CoverSlot): CoverSlot[] {
    const { x } = slot
    if (x === null) return []
    return this.#slots.filter(
      (s) =>
        s !== slot &&
        s.shelf === slot.shelf &&
        !s.elsewhere &&
        s.x !== null &&
        Math.abs(s.x - x) <= this.#c.neighbourMm,
    )
  }

  #track(slot: CoverSlot): UncoveredReason | null {
    const { x } = slot
    if (x === null) return 'outside-track'
    const spans = ([from, to]: Stretch) => from <= x - this.#c.trackMm && to >= x + this.#c.trackMm
    const way = this.#ways[slot.shelf]
    if (!way || way.slow.some(spans)) return null
    if (way.walked.some(spans)) return 'too-fast'
    return spans(way.extent) ? 'odometer-gap' : 'outside-track'
  }

  #referenceReads(slot: CoverSlot): [number | null, number | null] {
    const { x } = slot
    if (x === null) return [null, null]
    let left: CoverReference | null = null
    let right: CoverReference | null = null
    for (const r of this.#references) {
      if (r.shelf !== slot.shelf) continue
      if (r.x <= x && (!left || r.x > left.x)) left = r
      if (r.x >= x && (!right || r.x < right.x)) right = r
    }
    return [left?.reads ?? null, right?.reads ?? null]
  }

  #shelfTags(reads: readonly (number | null)[]): UncoveredReason | null {
    return reads.every((n) => n !== null && n >= this.#c.leastReferenceReads)
      ? null
      : 'shelf-tag-unread'
  }
}

/** The proof of every slot (locating 7 a, b, c); one way a shelf. */
export function coverageOf(
  scene: WalkScene,
  slots: readonly CoverSlot[],
  references: readonly CoverReference[],
  ways: readonly ShelfWay[],
  c: CoverageConstants,
): CoverageMap {
  const proofs = new Proofs(scene, slots, references, ways, c)
  return {
    tracks: scene.shelves.map((s, i) => ({
      shelf: s.shelf,
      stretches: (ways[i]?.slow ?? []).map(([from, to]) => [from, to]),
    })),
    slots: slots.map((s) => proofs.prove(s)),
  }
}
