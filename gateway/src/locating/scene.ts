import { shapeChecker, WalkScene } from '@lantai/contracts'
import { epcKey } from './read-book.ts'

/** Why a scene cannot be walked. Closed and stable: programs may act on it. */
export const sceneProblemCodes = [
  'scene-shape',
  'scene-time-backwards',
  'scene-no-walk',
  'scene-not-passed',
  'scene-antenna-twice',
  'scene-antenna-behind-tags',
  'scene-shelf-twice',
  'scene-shelf-ends',
  'scene-shelf-unknown',
  'scene-epc-twice',
  'scene-rank-twice',
] as const
export type SceneProblemCode = (typeof sceneProblemCodes)[number]

/** An impossible scene: the fault of who wrote it. `lines` say where, never more than 20. */
export class SceneError extends Error {
  readonly code: SceneProblemCode
  readonly lines: readonly string[]

  constructor(code: SceneProblemCode, lines: readonly string[]) {
    super(`${code}: ${lines.join('; ')}`)
    this.name = 'SceneError'
    this.code = code
    this.lines = lines
  }
}

/** A cart that moved less than this has not walked along anything. */
const leastWalkMm = 50
/** Nor was it beside a board that lies farther from all that it passed: no antenna hears so far along a face. */
const mostBesideMm = 1500

type Finding = readonly [SceneProblemCode, string]

const shapeOf = shapeChecker(WalkScene)

function* twice(code: SceneProblemCode, path: string, keys: readonly string[]): Generator<Finding> {
  const seen = new Set<string>()
  for (const [i, key] of keys.entries()) {
    if (seen.has(key)) yield [code, `${path}/${i} stands there already`]
    seen.add(key)
  }
}

function* ofPoses({ poses, shelves }: WalkScene): Generator<Finding> {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const [i, pose] of poses.entries()) {
    const before = poses[i - 1]
    if (before && pose.at <= before.at)
      yield ['scene-time-backwards', `/poses/${i} is not later than the one before`]
    low = Math.min(low, pose.xMm)
    high = Math.max(high, pose.xMm)
  }
  if (high - low < leastWalkMm) yield ['scene-no-walk', `/poses span ${high - low} mm only`]
  const passed = ({ fromMm, toMm }: WalkScene['shelves'][number]) =>
    (fromMm ?? low) <= high + mostBesideMm && (toMm ?? high) >= low - mostBesideMm
  if (!shelves.some(passed))
    yield ['scene-not-passed', `/poses from ${low} to ${high} mm pass none of /shelves`]
}

function* ofShelves(scene: WalkScene): Generator<Finding> {
  yield* twice(
    'scene-shelf-twice',
    '/shelves',
    scene.shelves.map((s) => s.shelf),
  )
  for (const [i, s] of scene.shelves.entries()) {
    if (s.fromMm !== null && s.toMm !== null && s.fromMm >= s.toMm)
      yield ['scene-shelf-ends', `/shelves/${i} ends where it begins, or before`]
    const behind = scene.antennas.findIndex((a) => s.depthMm !== null && a.offsetMm[2] >= s.depthMm)
    if (behind >= 0)
      yield ['scene-antenna-behind-tags', `/antennas/${behind} is behind the tags of /shelves/${i}`]
  }
}

function* ofTags(scene: WalkScene): Generator<Finding> {
  const expected = scene.expected ?? []
  const shelves = new Set(scene.shelves.map((s) => s.shelf))
  for (const [name, tags] of [
    ['expected', expected],
    ['references', scene.references],
  ] as const)
    for (const [i, tag] of tags.entries())
      if (!shelves.has(tag.shelf))
        yield ['scene-shelf-unknown', `/${name}/${i} stands on no shelf of the scene`]
  const epcs = [...scene.references, ...expected].map((t) => epcKey(t.epc))
  yield* twice('scene-epc-twice', '/references+expected', epcs)
  const slots = expected.map((e) => JSON.stringify([e.shelf, e.rank]))
  yield* twice('scene-rank-twice', '/expected', slots)
}

function* findings(scene: WalkScene): Generator<Finding> {
  yield* ofPoses(scene)
  yield* twice(
    'scene-antenna-twice',
    '/antennas',
    scene.antennas.map((a) => String(a.antenna)),
  )
  yield* ofShelves(scene)
  yield* ofTags(scene)
}

/** The value as a scene that can be walked. Throws `SceneError` with the first code found and all its lines. */
export function checkScene(value: unknown): WalkScene {
  const wrong = shapeOf(value)
  if (wrong.length > 0) throw new SceneError('scene-shape', wrong)
  const scene = value as WalkScene
  const found = [...findings(scene)]
  const code = found[0]?.[0]
  if (code)
    throw new SceneError(
      code,
      found.flatMap(([c, line]) => (c === code ? [line] : [])).slice(0, 20),
    )
  return scene
}
