import type { WalkScene } from '@lantai/contracts'
import { channelLines } from './channel-line.ts'
import type { LocatingConstants } from './constants.ts'
import { type Correction, corrected, correctionOf, type Mark } from './odometer.ts'
import { type Profiles, profilesOf, samplesOf } from './profiles.ts'
import { epcKey, type ReadBook } from './read-book.ts'
import { fitRow, type RowFit, type TagSamples } from './row/row.ts'
import { type Track, trackOf } from './track.ts'

/** A walk on the rail: what every later step starts from. */
export interface Walk {
  scene: WalkScene
  book: ReadBook
  track: Track
  /** x of the poses and of the samples is the rail's: the odometer was corrected. */
  poseX: Float64Array
  profiles: Profiles
  /** Phase a megahertz of every antenna, null where the walk does not show it. */
  lines: (number | null)[]
  shelfIndex: ReadonlyMap<string, number>
  constants: LocatingConstants
}

const sampled = (p: Profiles, tag: number | undefined): tag is number =>
  tag !== undefined && (p.start[tag + 1] as number) > (p.start[tag] as number)

/** Fits tags that stand on one shelf. */
export function fitShelf(
  walk: Pick<Walk, 'scene' | 'lines' | 'constants'>,
  shelf: number,
  tags: TagSamples[],
): RowFit {
  const { heightMm, depthMm } = walk.scene.shelves[shelf] as WalkScene['shelves'][number]
  return fitRow(
    {
      tags,
      antennas: walk.scene.antennas.map(({ offsetMm: [, up, towards] }, a) => ({
        upMm: up - heightMm,
        towardsMm: towards,
        lineRadPerMhz: walk.lines[a] ?? null,
      })),
      depthMm,
      minGapMm: walk.constants.order.minGapMm,
    },
    walk.constants.row,
  )
}

function ofPass(s: TagSamples, pass: number): TagSamples {
  const kept = [...s.pass.keys()].filter((i) => s.pass[i] === pass)
  const pick = <T extends Float64Array | Uint16Array>(column: T): T =>
    (column as Float64Array).constructor === Float64Array
      ? (Float64Array.from(kept, (i) => column[i] as number) as T)
      : (Uint16Array.from(kept, (i) => column[i] as number) as T)
  return {
    x: pick(s.x),
    antenna: pick(s.antenna),
    pass: pick(s.pass),
    phase: pick(s.phase),
    mhz: pick(s.mhz),
    rssi: pick(s.rssi),
    weight: pick(s.weight),
  }
}

/** A tag whose shelf is known, to tie passes to the rail or to each other. */
interface Tie {
  tag: number
  shelf: number
}

/** Where the odometer of one pass put these tags. */
function seenOn(walk: Omit<Walk, 'poseX'>, ties: readonly Tie[], pass: number) {
  const seen = new Map<number, { x: number; sigma: number }>()
  const shelves = Map.groupBy(ties, (t) => t.shelf)
  for (const [shelf, mine] of shelves) {
    const samples = mine.map((t) =>
      ofPass(samplesOf(walk.profiles, t.tag, walk.book.channels), pass),
    )
    const heard = [...mine.keys()].filter((i) => (samples[i] as TagSamples).x.length > 0)
    if (heard.length === 0) continue
    const fit = fitShelf(
      walk,
      shelf,
      heard.map((i) => samples[i] as TagSamples),
    )
    for (const [n, i] of heard.entries())
      seen.set((mine[i] as Tie).tag, {
        x: fit.xMm[n] as number,
        sigma: fit.sigmaMm[n] as number,
      })
  }
  return seen
}

/** Corrections of every pass by the shelf tags; passes without any are tied to the first by `shared` tags. */
function corrections(walk: Omit<Walk, 'poseX'>, shared: readonly Tie[]): Correction[] {
  const { scene, book, profiles, shelfIndex, track, constants } = walk
  const glued = new Map<number, number>()
  const references: Tie[] = []
  for (const r of scene.references) {
    const tag = book.tags.find(epcKey(r.epc))
    if (!sampled(profiles, tag)) continue
    glued.set(tag, r.xMm)
    references.push({ tag, shelf: shelfIndex.get(r.shelf) as number })
  }
  const passes = [...track.passes.keys()]
  const marks = passes.map((p): Mark[] =>
    [...seenOn(walk, references, p)].map(([tag, s]) => ({
      odometer: s.x,
      offset: (glued.get(tag) as number) - s.x,
      sigma: s.sigma,
    })),
  )
  const first = marks.findIndex((m) => m.length > 0)
  const anchor = Math.max(first, 0)
  const known = correctionOf(marks[anchor] ?? [], constants.odometer)
  if (passes.length === 1 || marks.every((m) => m.length > 0))
    return marks.map((m) => correctionOf(m, constants.odometer))
  const there = seenOn(walk, shared, anchor)
  return passes.map((p) => {
    if (p === anchor) return known
    const mine = marks[p] as Mark[]
    if (mine.length > 0) return correctionOf(mine, constants.odometer)
    return correctionOf(tied(there, seenOn(walk, shared, p), known), constants.odometer)
  })
}

type Seen = ReadonlyMap<number, { x: number; sigma: number }>

function tied(there: Seen, here: Seen, known: Correction): Mark[] {
  const marks: Mark[] = []
  for (const [tag, s] of here) {
    const t = there.get(tag)
    if (!t) continue
    const sigma = Math.hypot(s.sigma, t.sigma)
    marks.push({ odometer: s.x, offset: corrected(t.x, known) - s.x, sigma })
  }
  return marks
}

/** Boxes of the catalogue where it has them; without one, every tag on the shelf in the middle. */
function sharedTies(
  scene: WalkScene,
  book: ReadBook,
  p: Profiles,
  shelf: Walk['shelfIndex'],
): Tie[] {
  if (scene.expected && scene.expected.length > 0)
    return scene.expected.flatMap((e) => {
      const tag = book.tags.find(epcKey(e.epc))
      return sampled(p, tag) ? [{ tag, shelf: shelf.get(e.shelf) as number }] : []
    })
  const middle = scene.shelves.length >> 1
  return [...book.tags.all.keys()]
    .filter((tag) => sampled(p, tag))
    .map((tag) => ({ tag, shelf: middle }))
}

const meanDepth = (scene: WalkScene, c: LocatingConstants): number =>
  scene.shelves.reduce((s, { depthMm }) => s + (depthMm ?? c.tier.nominalDepthMm), 0) /
  scene.shelves.length

/** Puts the reads on the rail: passes, bursts, channel lines, odometer. */
export function prepareWalk(book: ReadBook, scene: WalkScene, constants: LocatingConstants): Walk {
  const track = trackOf(scene.poses, constants.track)
  const profiles = profilesOf(book, scene, track, { ...constants.profile, ...constants.track })
  const lines = channelLines(
    profiles,
    book.channels,
    scene.antennas.length,
    meanDepth(scene, constants),
    constants.line,
  )
  const shelfIndex = new Map(scene.shelves.map((s, i) => [s.shelf, i]))
  const raw = { scene, book, track, profiles, lines, shelfIndex, constants }
  const found = corrections(raw, sharedTies(scene, book, profiles, shelfIndex))
  const x = profiles.x.map((v, i) => corrected(v, found[profiles.pass[i] as number] as Correction))
  return { ...raw, profiles: { ...profiles, x }, poseX: poseX(track, found) }
}

function poseX(track: Track, found: readonly Correction[]): Float64Array {
  const x = track.x.slice()
  for (const [p, { from, to }] of track.passes.entries())
    for (let i = from; i <= to; i++) x[i] = corrected(track.x[i] as number, found[p] as Correction)
  return x
}
