/**
 * Which shelf, for the peers, whose papers know one row only: the pattern of signal strength over the antennas beside
 * the patterns of boxes that the catalogue has on each shelf and of its shelf tags (locating 6.10), and between which
 * ends of shelves the tag was loudest.
 */
import type { WalkScene } from '@lantai/contracts'
import { sameEpc } from '../case.ts'
import { quantile } from '../metrics.ts'
import type { Profile } from './profile.ts'
import { coarsePlace } from './rssi.ts'

/** dBm that stands for silence of an antenna. */
const silence = -80
/** Of signal strength about its mean on real shelves (locating 5), dB. */
const sigma = 8
/** Tags differ in strength by their thresholds alone (locating 3), dB. */
const strengthSigma = 4
/** Logarithm of how much likelier a box is on the catalogue's shelf than on any one other. */
const prior = Math.log(0.97 / 0.01)
const leastTags = 4
/** Standard deviation of a coarse place from signal strength, metres. */
const coarseSigma = 0.1

type Pattern = readonly number[]

/** Mean power of the loudest reads at each antenna, dBm. */
function patternOf({ tracks }: Profile, antennas: readonly number[]): Pattern {
  return antennas.map((antenna) => {
    const samples = tracks.find((t) => t.antenna === antenna)?.samples ?? []
    const loud = samples.map((s) => s.rssi).sort((a, b) => b - a)
    return loud.length === 0 ? silence : quantile(loud.slice(0, 3), 0.5)
  })
}

/** The shelf of every tag, by upper-case EPC. With one shelf there is nothing to ask. */
export function shelvesOf(
  scene: WalkScene,
  profiles: ReadonlyMap<string, Profile>,
): Map<string, string> {
  const first = scene.shelves[0]?.shelf as string
  if (scene.shelves.length === 1) return new Map([...profiles.keys()].map((epc) => [epc, first]))
  const antennas = scene.antennas.map((a) => a.antenna)
  const home = new Map<string, string>()
  for (const { epc, shelf } of [...(scene.expected ?? []), ...scene.references])
    home.set(sameEpc(epc), shelf)
  const patterns = new Map([...profiles].map(([epc, p]) => [epc, patternOf(p, antennas)]))
  const centres = centresOf(scene, home, patterns)
  const ends = new Map(scene.shelves.map((s) => [s.shelf, s]))
  const best = (epc: string, pattern: Pattern) => {
    const x = coarsePlace(profiles.get(epc) as Profile)
    const cost = (shelf: string, centre: Pattern) =>
      distance(pattern, centre) +
      beyondEnds(ends.get(shelf), x) -
      (home.get(epc) === shelf ? prior : 0)
    const costs = [...centres].map(([shelf, centre]) => ({ shelf, cost: cost(shelf, centre) }))
    return costs.reduce((a, b) => (b.cost < a.cost ? b : a)).shelf
  }
  return new Map([...patterns].map(([epc, pattern]) => [epc, best(epc, pattern)]))
}

/** Cost of a coarse place beyond the ends of a shelf; 0 between them, and where they are not known. */
function beyondEnds(shelf: WalkScene['shelves'][number] | undefined, x: number | null): number {
  if (!shelf || x === null) return 0
  const { fromMm, toMm } = shelf
  const left = fromMm === null ? 0 : fromMm / 1000 - x
  const right = toMm === null ? 0 : x - toMm / 1000
  return (Math.max(0, left, right) / coarseSigma) ** 2 / 2
}

/** Cost of a pattern beside a centre, whatever the strength of the tag itself within its spread. */
function distance(a: Pattern, b: Pattern): number {
  const off = a.map((v, i) => v - (b[i] as number))
  const common = mean(off) / (1 + sigma ** 2 / (off.length * strengthSigma ** 2))
  const rest = off.reduce((sum, d) => sum + (d - common) ** 2, 0)
  return rest / (2 * sigma ** 2) + common ** 2 / (2 * strengthSigma ** 2)
}

const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length

/** Median pattern of the tags that belong on a shelf; where there are too few, what the geometry says. */
function centresOf(
  scene: WalkScene,
  home: ReadonlyMap<string, string>,
  patterns: ReadonlyMap<string, Pattern>,
): Map<string, Pattern> {
  const level = quantile(
    [...patterns.values()].map((p) => Math.max(...p)),
    0.5,
  )
  const centre = ({ shelf, heightMm, depthMm }: WalkScene['shelves'][number]): Pattern => {
    const own = [...patterns].flatMap(([epc, p]) => (home.get(epc) === shelf ? [p] : []))
    const away = scene.antennas.map(({ offsetMm: [, up, towards] }) =>
      Math.hypot(heightMm - up, (depthMm ?? 650) - towards),
    )
    if (own.length < leastTags)
      return away.map((d) => level - 40 * Math.log10(d / Math.min(...away)))
    return scene.antennas.map((_, i) =>
      quantile(
        own.map((p) => p[i] as number),
        0.5,
      ),
    )
  }
  return new Map(scene.shelves.map((s) => [s.shelf, centre(s)]))
}
