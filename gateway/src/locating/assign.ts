import type { WalkScene } from '@lantai/contracts'
import type { ShelfConstants } from './constants.ts'
import { type Heard, heardOf } from './heard.ts'
import { lnAdd } from './math.ts'
import { epcKey } from './read-book.ts'
import { type Believed, learnTiers, type TierModel, type Tiers } from './tiers.ts'
import type { Walk } from './walk.ts'
import { strayLikelihood, strengthOn, tierLikelihood } from './which-shelf.ts'

/** What is believed of one tag that was read: ln weights, not yet summing to one. */
export interface ShelfBelief {
  tag: number
  heard: Heard
  /** Shelf of the catalogue, −1 without. */
  home: number
  /** Shelves whose board reaches to where the tag was heard. */
  shelves: Int32Array
  ln: Float64Array
  /** On none of these shelves. */
  lnStray: number
  /** dB above what is usual on the likeliest of them: what hides a tag leaves the reflections. */
  strengthDb: number
}

const nothing = Number.NEGATIVE_INFINITY

/** Ends of every board: given, or by its shelf tags, or unknown. */
export function boardEnds(scene: WalkScene): [number, number][] {
  return scene.shelves.map((s) => {
    const glued = scene.references.filter((r) => r.shelf === s.shelf).map((r) => r.xMm)
    const tagged = glued.length >= 2
    return [
      s.fromMm ?? (tagged ? Math.min(...glued) : Number.NEGATIVE_INFINITY),
      s.toMm ?? (tagged ? Math.max(...glued) : Number.POSITIVE_INFINITY),
    ]
  })
}

interface Start {
  tag: number
  heard: Heard
  home: number
  /** Shelf tags do not move. */
  glued: boolean
}

function startsOf(walk: Walk, nominalMm: number): Start[] {
  const { scene, book, profiles, shelfIndex, constants } = walk
  const homes = new Map((scene.expected ?? []).map((e) => [epcKey(e.epc), e.shelf]))
  const glued = new Map(scene.references.map((r) => [epcKey(r.epc), r.shelf]))
  const found: Start[] = []
  for (const [tag, epc] of book.tags.all.entries()) {
    const heard = heardOf(profiles, tag, scene.antennas.length, nominalMm, constants.heard)
    if (!heard) continue
    const key = epcKey(epc)
    const shelf = glued.get(key) ?? homes.get(key)
    const home = shelf === undefined ? -1 : (shelfIndex.get(shelf) as number)
    found.push({ tag, heard, home, glued: glued.has(key) })
  }
  return found
}

/** Before anything was learned: the shelf of the catalogue, or the tier nearest in height to the loudest antenna. */
function firstBelief(scene: WalkScene, tiers: Tiers, { heard, home }: Start): Float64Array {
  const weight = new Float64Array(tiers.heightMm.length)
  if (home >= 0) {
    weight[tiers.ofShelf[home] as number] = 1
    return weight
  }
  let loudest = 0
  for (const [a, l] of heard.level.entries())
    if (l > (heard.level[loudest] as number) || Number.isNaN(heard.level[loudest])) loudest = a
  const up = scene.antennas[loudest]?.offsetMm[1] ?? 0
  const distance = tiers.heightMm.map((h) => Math.abs(h - up))
  weight[distance.indexOf(distance.reduce((a, b) => Math.min(a, b)))] = 0.5
  return weight
}

class Assigner {
  readonly #walk: Walk
  readonly #tiers: Tiers
  readonly #ends: [number, number][]
  readonly #starts: Start[]
  readonly #c: ShelfConstants
  /** How often a tag that the catalogue does not know stands on none of these shelves. */
  readonly #strayUnknown: number

  constructor(walk: Walk, tiers: Tiers) {
    this.#walk = walk
    this.#c = walk.constants.shelf
    this.#tiers = tiers
    this.#ends = boardEnds(walk.scene)
    const catalogued = (walk.scene.expected ?? []).length > 0
    this.#strayUnknown = catalogued ? this.#c.strayForeign : this.#c.strayUncatalogued
    const depths = this.#tiers.depthMm
    this.#starts = startsOf(walk, depths.reduce((a, b) => a + b) / depths.length)
  }

  run(): ShelfBelief[] {
    const { scene, constants } = this.#walk
    const trusted = this.#starts.some((s) => s.home >= 0)
    const teachers = trusted ? this.#starts.filter((s) => s.home >= 0) : this.#starts
    let believed: Believed[] = teachers.map((s) => ({
      heard: s.heard,
      weight: firstBelief(scene, this.#tiers, s),
    }))
    let beliefs: ShelfBelief[] = []
    let was: TierModel | null = null
    for (let round = 0; round < this.#c.rounds; round++) {
      const model = learnTiers(scene, this.#tiers, believed, constants.tier)
      if (was && farthest(model, was) < this.#c.settledDb) break
      beliefs = this.#starts.map((s) => this.#belief(s, model))
      believed = beliefs.map((b) => ({ heard: b.heard, weight: this.#tierWeights(b) }))
      was = model
    }
    return beliefs.filter((_, i) => !this.#starts[i]?.glued)
  }

  #belief({ tag, heard, home, glued }: Start, model: TierModel): ShelfBelief {
    const shelves = glued ? Int32Array.of(home) : this.#near(heard.x, home)
    const c = this.#c
    const stray = home >= 0 ? c.strayExpected : this.#strayUnknown
    const odd = strayLikelihood(heard, model, c)
    const ln = new Float64Array(shelves.length)
    const byTier = new Map<number, number>()
    for (const [i, shelf] of shelves.entries()) {
      const tier = this.#tiers.ofShelf[shelf] as number
      const known = byTier.get(tier) ?? tierLikelihood(heard, model, tier, c)
      byTier.set(tier, known)
      const fits = shelf === home && !glued ? lnAdd(known, Math.log(c.oddAtHome) + odd) : known
      ln[i] = fits + Math.log(prior(shelf, home, shelves.length, c))
    }
    const best = shelves[ln.indexOf(ln.reduce((a, b) => Math.max(a, b), nothing))]
    const strengthDb =
      best === undefined ? 0 : strengthOn(heard, model, this.#tiers.ofShelf[best] as number)
    const weak = home < 0 ? c.strayLn - c.strayLnPerDb * strengthDb : 0
    const lnStray = glued ? nothing : odd + Math.log(stray) + weak
    return { tag, heard, home, shelves, ln, lnStray, strengthDb }
  }

  #near(x: number, home: number): Int32Array {
    const { besideMm } = this.#c
    const near = new Int32Array(this.#ends.length)
    let n = 0
    for (let shelf = 0; shelf < near.length; shelf++) {
      const [from, to] = this.#ends[shelf] as [number, number]
      if (shelf === home || (x >= from - besideMm && x <= to + besideMm)) near[n++] = shelf
    }
    return near.slice(0, n)
  }

  #tierWeights(b: ShelfBelief): Float64Array {
    const weight = new Float64Array(this.#tiers.heightMm.length)
    for (const [i, p] of probabilities(b).entries()) {
      const tier = this.#tiers.ofShelf[b.shelves[i] as number] as number
      weight[tier] = (weight[tier] as number) + p
    }
    return weight
  }
}

/** How far a level has moved at most, dB. */
const farthest = (is: TierModel, was: TierModel): number =>
  is.level.reduce((most, l, i) => Math.max(most, Math.abs(l - (was.level[i] as number))), 0)

const prior = (shelf: number, home: number, candidates: number, c: ShelfConstants): number => {
  if (home < 0) return 1 / candidates
  if (shelf === home) return 1 - c.elsewhere
  return c.elsewhere / Math.max(1, candidates - 1)
}

/** Of every shelf of the belief; what is left to one is the stray's. */
export function probabilities({ ln, lnStray }: ShelfBelief): Float64Array {
  const top = ln.reduce((a, b) => Math.max(a, b), lnStray)
  const w = ln.map((l) => Math.exp(l - top))
  const all = w.reduce((a, b) => a + b, Math.exp(lnStray - top))
  return w.map((v) => v / all)
}

/** Which shelf every tag stands on, by how loud it was to which antenna (locating 6.10); shelf tags are left out. */
export const assignShelves = (walk: Walk, tiers: Tiers): ShelfBelief[] =>
  new Assigner(walk, tiers).run()
