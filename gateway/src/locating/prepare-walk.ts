import type { WalkScene } from '@lantai/contracts'
import type { Catalogue } from './catalogue.ts'
import type { LocatingConstants } from './constants.ts'
import { type Line, linesOf, type Stander } from './evidence/lines.ts'
import { looksOf } from './evidence/looks.ts'
import type { Sight } from './evidence/views.ts'
import { heardOf } from './heard.ts'
import { type Correction, corrected } from './odometer.ts'
import { type Profiles, profilesOf, sampled } from './profiles.ts'
import { epcKey, type ReadBook } from './read-book.ts'
import { corrections } from './tie-passes.ts'
import { tiersOf } from './tiers.ts'
import { type ToldPlace, toldOf } from './told.ts'
import { type Track, trackOf } from './track.ts'
import type { Walk } from './walk.ts'

/** Square of the distance from every antenna to the tags of a shelf, or of one so far beyond it; straight in front. */
function acrossOf(
  scene: WalkScene,
  shelf: number,
  c: LocatingConstants,
  beyondMm = 0,
): Float64Array {
  const { heightMm, depthMm } = scene.shelves[shelf] as WalkScene['shelves'][number]
  const depth = (depthMm ?? c.tier.nominalDepthMm) + beyondMm
  return Float64Array.from(
    scene.antennas,
    ({ offsetMm: [, up, towards] }) =>
      (heightMm - up) ** 2 + Math.max(c.tier.nearestMm, depth - towards) ** 2,
  )
}

/** Tags whose place is known well enough to calibrate by: glued, expected, or, without a catalogue, just heard. */
function standersOf(
  scene: WalkScene,
  book: ReadBook,
  p: Profiles,
  catalogue: Catalogue,
  shelfIndex: Walk['shelfIndex'],
  across: readonly Float64Array[],
  c: LocatingConstants,
): Stander[] {
  const standers: Stander[] = []
  const known = new Set<number>()
  const add = (tag: number | undefined, shelf: number, x: number | null) => {
    if (!sampled(p, tag) || known.has(tag)) return
    known.add(tag)
    const heard = x ?? heardOf(p, tag, scene.antennas.length, c.tier.nominalDepthMm, c.heard)?.x
    standers.push({ tag, x: heard ?? 0, across2: across[shelf] as Float64Array })
  }
  for (const r of scene.references)
    add(book.tags.find(epcKey(r.epc)), shelfIndex.get(r.shelf) as number, r.xMm)
  for (const [shelf, slots] of catalogue.entries()) {
    const from = scene.shelves[shelf]?.fromMm ?? null
    for (const s of slots) add(s.tag, shelf, from === null ? null : from + s.centreMm)
  }
  if (standers.length < c.line.enoughStanders)
    for (const tag of book.tags.all.keys()) add(tag, scene.shelves.length >> 1, null)
  return standers
}

function poseX(track: Track, found: readonly Correction[]): Float64Array {
  const x = track.x.slice()
  for (const [p, { from, to }] of track.passes.entries())
    for (let i = from; i <= to; i++) x[i] = corrected(track.x[i] as number, found[p] as Correction)
  return x
}

/** Puts the reads on the rail: passes, bursts, channel lines, odometer. */
export function prepareWalk(
  book: ReadBook,
  scene: WalkScene,
  catalogue: Catalogue,
  constants: LocatingConstants,
  places: ReadonlyMap<string, ToldPlace>,
): Walk {
  const track = trackOf(scene.poses, constants.track)
  const profiles = profilesOf(book, scene, track, { ...constants.profile, ...constants.track })
  const shelfIndex = new Map(scene.shelves.map((s, i) => [s.shelf, i]))
  const across = scene.shelves.map((_, s) => acrossOf(scene, s, constants))
  const standers = standersOf(scene, book, profiles, catalogue, shelfIndex, across, constants)
  const lines = linesOf(profiles, book.channels, scene.antennas.length, standers, constants.line)
  const channels = book.channels
  const referenceMhz = channels.reduce((a, b) => a + b, 0) / Math.max(1, channels.length)
  const tiers = tiersOf(scene, constants.tier)
  const sightsOf = (across: Float64Array): Sight[] =>
    Array.from(across, (across2, a): Sight => {
      const looks = looksOf(across2, referenceMhz, null, constants.evidence)
      return { across2, line: lines[a] as Line, looks, offset: null }
    })
  const first = Array.from(tiers.heightMm, (_, t) => tiers.ofShelf.indexOf(t))
  const byTier = first.map((shelf) => sightsOf(across[shelf] as Float64Array))
  const sights = Array.from(tiers.ofShelf, (t) => byTier[t] as Sight[])
  const { behindMm } = constants.shelf
  const behind = first.map((shelf) => sightsOf(acrossOf(scene, shelf, constants, behindMm)))
  const raw = {
    ...{ scene, book, track, poseX: track.x, profiles, lines, sights, behind, referenceMhz },
    ...{ tiers, shelfIndex, constants, told: toldOf(places, book, scene) },
  }
  const found = corrections(raw, catalogue)
  const x = profiles.x.map((v, i) => corrected(v, found[profiles.pass[i] as number] as Correction))
  return { ...raw, profiles: { ...profiles, x }, poseX: poseX(track, found) }
}
