/** What the console shows of a walk: each shelf from left to right, silent boxes where the catalogue has them. Pure. */
import type { FrozenScene, Located, LocatedClass, UncoveredReason } from '@lantai/contracts'
import type { LocatedDetail, WalkResult } from '../locate.ts'
import { epcKey } from '../read-book.ts'
import type { WalkTrouble } from './recorder.ts'

export interface Slot {
  readonly shelf: string
  readonly rank: number
}

export interface ShownBox {
  readonly epc: string
  /** What is printed on it, where that is known. */
  readonly label: string | null
  /** Null without a catalogue. */
  readonly class: LocatedClass | null
  /** It seems to stand out of the catalogue's sequence, not surely enough to call it misplaced. */
  readonly doubt: boolean
  /** Counted from the left among the tags that were read; null where it was not read. */
  readonly rank: number | null
  readonly confidence: number
  /** Where the catalogue has it; null where it has not. */
  readonly home: Slot | null
  readonly reads: number
  /** Why its slot is not covered; null where it is, or where it was read. */
  readonly uncovered: UncoveredReason | null
}

export interface ShownShelf {
  readonly shelf: string
  readonly boxes: readonly ShownBox[]
}

export interface ShownWalk {
  readonly shelves: readonly ShownShelf[]
  /** Read, and standing on none of these shelves. */
  readonly elsewhere: readonly ShownBox[]
  readonly counts: Readonly<Record<LocatedClass, number>>
  readonly troubles: readonly WalkTrouble[]
}

export function showWalk(
  scene: FrozenScene,
  { located, detail, coverage }: WalkResult,
  troubles: readonly WalkTrouble[],
): ShownWalk {
  const labels = new Map((scene.labels ?? []).map((l) => [epcKey(l.epc), l.label]))
  const reasons = new Map(coverage.slots.map((s) => [epcKey(s.epc), s.reason]))
  const shown = located.map((l, i) => {
    const about = detail[i] as LocatedDetail
    const key = epcKey(l.epc)
    const silent = l.class === 'uncovered' ? (reasons.get(key) ?? null) : null
    const box: ShownBox = {
      ...{ epc: l.epc, label: labels.get(key) ?? null, class: l.class, rank: l.rank },
      ...{ confidence: l.confidence, home: about.home, reads: about.evidence.reads },
      ...{ uncovered: silent, doubt: about.reason === 'sequence-in-doubt' },
    }
    return { at: standsOn(l, about), box }
  })
  return {
    shelves: scene.shelves.map(({ shelf }) => ({
      shelf,
      boxes: inOrder(shown.filter((s) => s.at === shelf).map((s) => s.box)),
    })),
    elsewhere: shown.filter((s) => s.at === null).map((s) => s.box),
    counts: countsOf(located),
    troubles,
  }
}

/** The shelf under which a box is shown: where it stands, or where it should if it was silent. */
function standsOn({ shelf, class: as }: Located, { home }: LocatedDetail): string | null {
  if (shelf !== null) return shelf
  return as === 'unread' || as === 'uncovered' ? (home?.shelf ?? null) : null
}

const inPlace = (b: ShownBox) => b.class !== 'misplaced' && !b.doubt

/** What was read by its rank; a silent box behind the last one that stands before it in the catalogue. */
function inOrder(boxes: readonly ShownBox[]): ShownBox[] {
  const row = boxes.filter((b) => b.rank !== null).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
  const silent = boxes.filter((b) => b.rank === null)
  const rankAtHome = (b: ShownBox) => b.home?.rank ?? 0
  for (const box of silent.sort((a, b) => rankAtHome(a) - rankAtHome(b))) {
    const before = row.findLastIndex(
      (b) => inPlace(b) && b.home !== null && rankAtHome(b) < rankAtHome(box),
    )
    row.splice(before + 1, 0, box)
  }
  return row
}

function countsOf(located: readonly Located[]): Record<LocatedClass, number> {
  const counts = { found: 0, misplaced: 0, foreign: 0, uncovered: 0, unread: 0 }
  for (const { class: as } of located) if (as) counts[as] += 1
  return counts
}
