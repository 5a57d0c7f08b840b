/**
 * A published way to find x, made into a whole answer: the shelf by signal strength, the catalogue where there is one.
 * Every peer has the same surroundings, so that only the way to x differs.
 */
import type { ExpectedBox, Located, WalkScene } from '@lantai/contracts'
import { type Answer, type LocatingCase, type Method, sameEpc } from '../case.ts'
import { quantile } from '../metrics.ts'
import type { Board } from './hologram.ts'
import { lineOf } from './line.ts'
import { type Profile, profilesOf } from './profile.ts'
import { shelvesOf } from './shelf.ts'

/** Metres along the rail by upper-case EPC; null where a tag gives none. */
export type RowOfPeer = (profiles: readonly Profile[], board: Board) => Map<string, number | null>

/** For a method that looks at one tag at a time. */
export const tagByTag =
  (place: (profile: Profile, board: Board) => number | null): RowOfPeer =>
  (profiles, board) =>
    new Map(profiles.map((p) => [p.epc, place(p, board)]))

/**
 * A box is reported when it stands further from where its neighbours have it than so many of its own thicknesses, and
 * than so many times what is usual on this walk (robust standard deviation, from the median). Chosen on development
 * scenes, for the best rank.
 */
const reportBeyond = { thicknesses: 1.5, sigmas: 4 }
/** Neighbours on each side that say where a box should be. */
const reach = 4
/** Score of a box on another shelf than the catalogue's: above any distance along a shelf. */
const elsewhere = 10_000

interface Placed {
  epc: string
  shelf: string
  xMm: number
}

export const peer = (name: string, row: RowOfPeer): Method => ({
  name,
  confident: false,
  answer: (given) => answerOf(given, row),
})

function answerOf({ scene, reads, lineRadPerMHz }: LocatingCase, row: RowOfPeer): Answer {
  const lines = new Map(
    scene.antennas.map(({ antenna }) => [antenna, lineRadPerMHz ?? lineOf(scene, reads, antenna)]),
  )
  const profiles = profilesOf(scene, reads, (antenna) => lines.get(antenna) ?? 0)
  const placed = place(scene, profiles, row)
  const misplacement = scene.expected ? scoresOf(scene.expected, placed) : new Map<string, number>()
  const located = [...ranked(scene, placed, misplacement), ...silent(scene, profiles)]
  return { located, misplacement, suspected: [] }
}

function place(scene: WalkScene, profiles: ReadonlyMap<string, Profile>, row: RowOfPeer): Placed[] {
  const shelves = shelvesOf(scene, profiles)
  const references = new Set(scene.references.map((r) => sameEpc(r.epc)))
  return scene.shelves.flatMap(({ shelf, heightMm, depthMm }) => {
    const here = [...profiles].filter(([epc]) => shelves.get(epc) === shelf && !references.has(epc))
    const board = { height: heightMm / 1000, depth: depthMm === null ? null : depthMm / 1000 }
    const xs = row(
      here.map(([, p]) => p),
      board,
    )
    return [...xs].flatMap(([epc, x]) => (x === null ? [] : [{ epc, shelf, xMm: x * 1000 }]))
  })
}

/** Middle of every box when the shelf is filled as the catalogue has it. */
function catalogueX(row: readonly ExpectedBox[]): Map<string, number> {
  let edge = 0
  return new Map(
    [...row]
      .sort((a, b) => a.rank - b.rank)
      .map((box) => {
        edge += box.thicknessMm
        return [sameEpc(box.epc), edge - box.thicknessMm / 2]
      }),
  )
}

interface Slot {
  placed: Placed
  /** Found minus where a filled shelf has it, mm: neighbours agree on it but for gaps. */
  drift: number
}

function slotsOf(expected: readonly ExpectedBox[], placed: readonly Placed[]): Map<string, Slot[]> {
  const rows = Map.groupBy(expected, (e) => e.shelf)
  const by = new Map(placed.map((p) => [sameEpc(p.epc), p]))
  return new Map(
    [...rows].map(([shelf, row]) => {
      const slots = [...catalogueX(row)].flatMap(([epc, x]) => {
        const found = by.get(epc)
        return found?.shelf === shelf ? [{ placed: found, drift: found.xMm - x }] : []
      })
      return [shelf, slots]
    }),
  )
}

/** What the neighbours of slot i agree on. */
function around(slots: readonly Slot[], i: number): number {
  const near = slots.slice(Math.max(0, i - reach), i + reach + 1)
  const others = near.filter((s) => s !== slots[i])
  return quantile(
    (others.length > 0 ? others : near).map((s) => s.drift),
    0.5,
  )
}

/** Millimetres from where the neighbours have a box. */
function scoresOf(
  expected: readonly ExpectedBox[],
  placed: readonly Placed[],
): Map<string, number> {
  const home = new Map(expected.map((e) => [sameEpc(e.epc), e.shelf]))
  const scores = new Map<string, number>()
  for (const p of placed) {
    const shelf = home.get(sameEpc(p.epc))
    if (shelf !== undefined && shelf !== p.shelf) scores.set(sameEpc(p.epc), elsewhere)
  }
  for (const slots of slotsOf(expected, placed).values())
    for (const [i, s] of slots.entries())
      scores.set(sameEpc(s.placed.epc), Math.abs(s.drift - around(slots, i)))
  return scores
}

/** With a catalogue a box that is not reported takes the place that its neighbours give its slot. */
function ranked(
  scene: WalkScene,
  placed: readonly Placed[],
  scores: ReadonlyMap<string, number>,
): Located[] {
  const boxes = new Map((scene.expected ?? []).map((e) => [sameEpc(e.epc), e]))
  const usual = 1.4826 * quantile([...scores.values()], 0.5)
  const reported = (epc: string) => {
    const box = boxes.get(sameEpc(epc))
    if (!box) return false
    const { thicknesses, sigmas } = reportBeyond
    return (scores.get(sameEpc(epc)) ?? 0) > Math.max(thicknesses * box.thicknessMm, sigmas * usual)
  }
  const xs = new Map(placed.map((p) => [p, p.xMm]))
  for (const slots of slotsOf(scene.expected ?? [], placed).values())
    for (const [i, s] of slots.entries())
      if (!reported(s.placed.epc)) xs.set(s.placed, s.placed.xMm - s.drift + around(slots, i))
  const classOf = (epc: string) => {
    if (!scene.expected) return null
    if (!boxes.has(sameEpc(epc))) return 'foreign'
    return reported(epc) ? 'misplaced' : 'found'
  }
  const rows = Map.groupBy(placed, (p) => p.shelf)
  return [...rows.values()].flatMap((row) =>
    [...row]
      .sort((a, b) => (xs.get(a) as number) - (xs.get(b) as number))
      .map((p, i) => ({
        epc: p.epc,
        shelf: p.shelf,
        xMm: xs.get(p) as number,
        sigmaMm: null,
        rank: i + 1,
        class: classOf(p.epc),
        confidence: 0,
      })),
  )
}

/** A peer has no proof of coverage: of what it did not hear it can only say so. */
function silent(scene: WalkScene, profiles: ReadonlyMap<string, Profile>): Located[] {
  const unheard = (scene.expected ?? []).filter((e) => !profiles.has(sameEpc(e.epc)))
  return unheard.map(({ epc }) => ({
    epc,
    ...{ shelf: null, xMm: null, sigmaMm: null, rank: null },
    ...{ class: 'unread', confidence: 0 },
  }))
}
