import type { CoverageMap, Located, LocatedClass, WalkRead, WalkScene } from '@lantai/contracts'
import type { ShelfBelief } from './assign.ts'
import { type Catalogue, type CatalogueSlot, catalogueOf } from './catalogue.ts'
import {
  type Computed,
  type Confidence,
  confident,
  misplaced,
  trustOf,
  type WalkTrust,
} from './confidence.ts'
import { type LocatingConstants, locatingConstants } from './constants.ts'
import { coverWalk } from './cover-walk.ts'
import type { ShelfOrder } from './order/shelf-order.ts'
import { prepareWalk } from './prepare-walk.ts'
import { epcKey, ReadBook } from './read-book.ts'
import { type Member, type ShelfRow, shelfProbability } from './rows.ts'
import { checkScene } from './scene.ts'
import { likeliest } from './shelving.ts'
import { solve } from './solve.ts'
import type { ToldPlace } from './told.ts'
import type { Walk } from './walk.ts'

/** Why a tag has its class; for screens and for whoever asks. */
export type LocatedReason =
  | 'in-slot'
  | 'out-of-sequence'
  | 'sequence-in-doubt'
  | 'other-shelf'
  | 'none-of-these-shelves'
  | 'not-in-catalogue'
  | 'no-catalogue'
  | 'off-the-track'
  | 'silent'

/** What stands behind one line of the answer. */
export interface LocatedDetail {
  epc: string
  reason: LocatedReason
  /** Probabilities that never increase from left to right; of a tag that was not read, 0. */
  confidence: { face: number; shelf: number; rank: number }
  /** Where the catalogue has it; null where it has not. */
  home: { shelf: string; rank: number } | null
  /** Probability that it is not in its slot; null without one. */
  misplaced: number | null
  /** Reads on this walk, and the antennas that made them. */
  evidence: { reads: number; antennas: number[] }
}

export interface WalkResult {
  /** By shelf in the scene's order, then rank; then what was read elsewhere; then what was silent. */
  located: Located[]
  coverage: CoverageMap
  /** What the walk as a whole says of its answers. */
  trust: WalkTrust
  /** One for every line of `located`, in its order. */
  detail: LocatedDetail[]
}

interface Line {
  located: Located
  detail: LocatedDetail
}

const round = (mm: number): number => Math.round(mm * 10) / 10

class Answer {
  readonly #walk: Walk
  readonly #catalogue: Catalogue
  readonly #slotOf: Map<string, CatalogueSlot>
  readonly #lines: Line[] = []
  readonly #said = new Set<string>()

  constructor(walk: Walk, catalogue: Catalogue) {
    this.#walk = walk
    this.#catalogue = catalogue
    this.#slotOf = new Map(catalogue.flat().map((s) => [epcKey(s.box.epc), s]))
  }

  run(): WalkResult {
    const { beliefs, rows, orders, unsettled, astray } = solve(this.#walk, this.#catalogue)
    const computed = rows.map((row, s) => computedOf(row, orders[s] as ShelfOrder))
    const trust = trustOf(computed, { astray, unsettled })
    for (const [s, row] of rows.entries())
      this.#sayShelf(row, orders[s] as ShelfOrder, computed[s] as Computed, trust)
    for (const b of beliefs) if (likeliest(b) < 0) this.#sayElsewhere(b, trust)
    const coverage = coverWalk(this.#walk, this.#catalogue, rows, orders)
    this.#sayUnplaced()
    this.#saySilent(coverage)
    return {
      located: this.#lines.map((l) => l.located),
      detail: this.#lines.map((l) => l.detail),
      coverage,
      trust,
    }
  }

  #say(located: Located, detail: Omit<LocatedDetail, 'epc' | 'home'>) {
    const slot = this.#slotOf.get(epcKey(located.epc))
    const home = slot ? { shelf: slot.box.shelf, rank: slot.box.rank } : null
    this.#said.add(epcKey(located.epc))
    this.#lines.push({ located, detail: { epc: located.epc, home, ...detail } })
  }

  #epcOf(tag: number): string {
    const read = this.#walk.book.tags.all[tag] as string
    return this.#slotOf.get(epcKey(read))?.box.epc ?? read
  }

  #sayShelf(
    row: ShelfRow,
    { order, moved, out, x, sigma }: ShelfOrder,
    computed: Computed,
    trust: WalkTrust,
  ) {
    const sure = confident(computed, trust, this.#walk.constants.confidence)
    for (const [k, i] of order.entries()) {
      const { belief: member } = row.members[i] as Member
      const inSlot = member.home === row.shelf ? 1 - (moved[i] as number) : 1
      const probability = this.#misplaced(member, inSlot, trust)
      const reason = this.#reasonOn(member, row.shelf, out[i] === 1, probability)
      const confidence = asMisplaced(sure[i] ?? none, reason, probability)
      this.#say(
        {
          epc: this.#epcOf(member.tag),
          shelf: this.#walk.scene.shelves[row.shelf]?.shelf ?? null,
          xMm: round(x[i] as number),
          sigmaMm: round(sigma[i] as number),
          rank: k + 1,
          class: this.#classOf(reason),
          confidence: confidence.rank,
        },
        {
          reason,
          confidence,
          misplaced: probability,
          evidence: this.#evidence(member.tag),
        },
      )
    }
  }

  /** Probability that it is not in its slot, where it would be with `inSlot`, were it on the catalogue's board. */
  #misplaced(b: ShelfBelief, inSlot: number, trust: WalkTrust): number | null {
    if (b.home < 0) return null
    const computed = 1 - inSlot * shelfProbability(b, b.home)
    const elsewhere = likeliest(b) !== b.home
    return misplaced(computed, elsewhere, trust, this.#walk.constants.confidence)
  }

  #reasonOn(
    { home }: ShelfBelief,
    shelf: number,
    out: boolean,
    probability: number | null,
  ): LocatedReason {
    const { scene, constants } = this.#walk
    if (scene.expected === null) return 'no-catalogue'
    if (home < 0) return 'not-in-catalogue'
    if (home !== shelf) return 'other-shelf'
    if (!out) return 'in-slot'
    const sure = (probability as number) >= constants.confidence.misplaced.told
    return sure ? 'out-of-sequence' : 'sequence-in-doubt'
  }

  #classOf(reason: LocatedReason): LocatedClass | null {
    if (this.#walk.scene.expected === null) return null
    if (reason === 'in-slot' || reason === 'sequence-in-doubt') return 'found'
    return reason === 'not-in-catalogue' ? 'foreign' : 'misplaced'
  }

  #sayElsewhere(b: ShelfBelief, trust: WalkTrust) {
    const known = b.home >= 0
    const reason = known ? 'none-of-these-shelves' : 'not-in-catalogue'
    this.#say(nowhere(this.#epcOf(b.tag), this.#classOf(reason)), {
      reason: this.#walk.scene.expected === null ? 'no-catalogue' : reason,
      confidence: none,
      misplaced: this.#misplaced(b, 1, trust),
      evidence: this.#evidence(b.tag),
    })
  }

  /** Read, but at no place of the rail: before or after the walk. */
  #sayUnplaced() {
    const { book, scene } = this.#walk
    const glued = new Set(scene.references.map((r) => epcKey(r.epc)))
    for (const [tag, epc] of book.tags.all.entries()) {
      const key = epcKey(epc)
      if (this.#said.has(key) || glued.has(key)) continue
      const known = this.#slotOf.has(key)
      const reason = known ? 'uncovered' : 'foreign'
      this.#say(nowhere(this.#epcOf(tag), scene.expected === null ? null : reason), {
        reason: 'off-the-track',
        confidence: none,
        misplaced: null,
        evidence: this.#evidence(tag),
      })
    }
  }

  #saySilent(coverage: CoverageMap) {
    for (const { epc, covered } of coverage.slots) {
      if (this.#said.has(epcKey(epc))) continue
      this.#say(nowhere(epc, covered ? 'unread' : 'uncovered'), {
        reason: 'silent',
        confidence: none,
        misplaced: null,
        evidence: { reads: 0, antennas: [] },
      })
    }
  }

  #evidence(tag: number): { reads: number; antennas: number[] } {
    const { profiles: p, scene } = this.#walk
    const antennas = new Set<number>()
    let reads = 0
    for (let i = p.start[tag] as number; i < (p.start[tag + 1] as number); i++) {
      reads += p.weight[i] as number
      antennas.add(scene.antennas[p.antenna[i] as number]?.antenna ?? -1)
    }
    return { reads, antennas: [...antennas].sort((a, b) => a - b) }
  }
}

const computedOf = ({ members, shelf }: ShelfRow, { order, rank }: ShelfOrder): Computed => ({
  order,
  rank,
  shelf: members.map((m) => shelfProbability(m.belief, shelf)),
})

const none: Confidence = { face: 0, shelf: 0, rank: 0 }

/** A rank that is not the catalogue's is right no more surely than the box is out of its slot. */
function asMisplaced(sure: Confidence, reason: LocatedReason, probability: number | null) {
  return placedElsewhere.has(reason)
    ? { ...sure, rank: Math.min(sure.rank, probability ?? 1) }
    : sure
}

const placedElsewhere = new Set<LocatedReason>([
  'out-of-sequence',
  'sequence-in-doubt',
  'other-shelf',
])

const nowhere = (epc: string, as: LocatedClass | null): Located => ({
  epc,
  shelf: null,
  xMm: null,
  sigmaMm: null,
  rank: null,
  class: as,
  confidence: 0,
})

/**
 * Tells of every tag that was read or expected where it stands and how sure that is (locating 1 and 7). Pure.
 * Throws `SceneError` for a scene that cannot be walked.
 * @param told by EPC, places that are known from elsewhere and stand in for what the reads say
 */
export function locate(
  reads: ReadBook | Iterable<WalkRead>,
  scene: WalkScene,
  constants: LocatingConstants = locatingConstants,
  told: ReadonlyMap<string, ToldPlace> = new Map(),
): WalkResult {
  checkScene(scene)
  const book = reads instanceof ReadBook ? reads : ReadBook.of(reads)
  book.settle()
  const catalogue = catalogueOf(scene, book)
  return new Answer(prepareWalk(book, scene, catalogue, constants, told), catalogue).run()
}
