/** Phase along the rail of neighbouring tags of a drawn walk, with the curve of the place that was found. */
import type { Located } from '@lantai/contracts'
import { type LocatingCase, sameEpc } from '../case.ts'
import { lineOf } from '../methods/line.ts'
import { loudest, type Profile, profilesOf, type Track, wrap } from '../methods/profile.ts'
import { circle, ink, line, path, picture, type Scale, scale, text } from './svg.ts'

const width = 980
const panel = 190
const left = 70
const right = width - 200
const halfWindow = 0.55
const unknownDepth = 0.6

interface Curve {
  located: Located
  trueX: number
  track: Track
  across: number
  offset: number
}

const distance = ({ across }: Curve, antennaX: number, x: number) =>
  Math.hypot(antennaX - x, across)

function curveOf(given: LocatingCase, located: Located, profile: Profile): Curve | null {
  const track = loudest(profile)
  const shelf = given.scene.shelves.find((s) => s.shelf === located.shelf)
  const truth = given.truth.find((t) => sameEpc(t.epc) === sameEpc(located.epc))
  if (!track || !shelf || located.xMm === null || typeof truth?.xMm !== 'number') return null
  const depth = shelf.depthMm === null ? unknownDepth : shelf.depthMm / 1000
  const across = Math.hypot(depth - track.towards, shelf.heightMm / 1000 - track.height)
  const found = located.xMm / 1000
  const near = track.samples.filter((s) => Math.abs(s.x - found) < 0.3 && !Number.isNaN(s.phase))
  const off = near.map((s) => s.phase - s.k * Math.hypot(s.x - found, across))
  const sum = (of: (angle: number) => number) => off.reduce((a, angle) => a + of(angle), 0)
  const offset = Math.atan2(sum(Math.sin), sum(Math.cos))
  return { located, trueX: truth.xMm / 1000, track, across, offset }
}

/** Three neighbours on the shelf where the fewest reads of three are most. */
function chosen(given: LocatingCase, answer: readonly Located[]): Curve[] {
  const lines = new Map(
    given.scene.antennas.map(({ antenna }) => [antenna, lineOf(given.scene, given.reads, antenna)]),
  )
  const profiles = profilesOf(given.scene, given.reads, (a) => lines.get(a) ?? 0)
  const curves = answer.flatMap((l) => {
    const profile = profiles.get(sameEpc(l.epc))
    const curve = l.shelf !== null && profile ? curveOf(given, l, profile) : null
    return curve ? [curve] : []
  })
  const threes = [...Map.groupBy(curves, (c) => c.located.shelf).values()].flatMap((row) => {
    const sorted = row.sort((a, b) => (a.located.rank ?? 0) - (b.located.rank ?? 0))
    return sorted.slice(2).map((_, i) => sorted.slice(i, i + 3))
  })
  const fewest = (three: readonly Curve[]) =>
    three.length === 0 ? 0 : Math.min(...three.map((c) => c.track.samples.length))
  return threes.reduce((a, b) => (fewest(b) > fewest(a) ? b : a), [])
}

function panelOf(curve: Curve, top: number, x: Scale, from: number, to: number): string[] {
  const found = (curve.located.xMm as number) / 1000
  const k = curve.track.samples[0]?.k ?? 38.6
  const base = k * curve.across
  const y = scale(-1.5, 3 * Math.PI, top + panel - 30, top + 14)
  const inside = (value: number) => value > -1.5 && value < 3 * Math.PI
  const model = Array.from({ length: 161 }, (_, i) => {
    const at = from + ((to - from) * i) / 160
    return [at, k * distance(curve, at, found) - base] as const
  }).filter(([, value]) => inside(value))
  const dots = curve.track.samples.flatMap((s) => {
    const way = s.k * distance(curve, s.x, found)
    const value = way - base + wrap(s.phase - way - curve.offset)
    return inside(value) && s.x > from && s.x < to
      ? [circle(x(s.x), y(value), 3.2, { fill: ink.blue })]
      : []
  })
  const { epc, rank, sigmaMm } = curve.located
  const off = Math.round(1000 * (found - curve.trueX))
  const words = [
    `…${epc.slice(-6)}`,
    `第 ${rank} 位 · rank ${rank}`,
    `所信 · believed ${Math.round(1000 * found)} mm`,
    sigmaMm === null ? '' : `σ ${Math.round(sigmaMm)} mm`,
    `误差 · error ${off > 0 ? '+' : ''}${off} mm`,
  ]
  return [
    line(left, y(0), right, y(0)),
    ...[0, 1, 2].map((n) =>
      text(left - 10, y(n * Math.PI) + 4, n === 0 ? '0' : `${n === 1 ? '' : n}π`, {
        'text-anchor': 'end',
        fill: ink.quiet,
      }),
    ),
    line(x(curve.trueX), top + 10, x(curve.trueX), top + panel - 30, {
      stroke: ink.green,
      'stroke-width': 1.5,
      'stroke-dasharray': '5 4',
    }),
    line(x(found), top + 10, x(found), top + panel - 30, {
      stroke: ink.orange,
      'stroke-width': 1.5,
    }),
    path(
      model.map(([at, value]) => [x(at), y(value)] as const),
      { stroke: ink.orange, 'stroke-width': 1.5, opacity: 0.8 },
    ),
    ...dots,
    ...words.map((w, i) =>
      text(right + 20, top + 34 + 20 * i, w, i === 0 ? { 'font-weight': 600 } : {}),
    ),
  ]
}

export function phasePicture(given: LocatingCase, answer: readonly Located[]): string {
  const curves = chosen(given, answer)
  const middle = curves.reduce((sum, c) => sum + c.trueX, 0) / curves.length
  const [from, to] = [middle - halfWindow, middle + halfWindow]
  const x = scale(from, to, left, right)
  const height = 90 + panel * curves.length + 60
  const bottom = 80 + panel * curves.length
  const ticks = Array.from({ length: 30 }, (_, i) => (Math.ceil(from * 5) + i) / 5).filter(
    (t) => t < to,
  )
  return picture(width, height, 'Phase along the rail with the fit', [
    text(left, 32, '沿轨相位与拟合 · Phase along the rail, and the fit', {
      'font-size': 18,
      'font-weight': 600,
    }),
    text(left, 54, '模拟场景，同层相邻三盒 · a drawn scene, three neighbours on one shelf', {
      fill: ink.quiet,
    }),
    ...curves.flatMap((c, i) => panelOf(c, 70 + panel * i, x, from, to)),
    ...ticks.map((t) =>
      text(x(t), bottom, t.toFixed(1), { 'text-anchor': 'middle', fill: ink.quiet }),
    ),
    text((left + right) / 2, bottom + 22, '天线位置 · antenna along the rail, m', {
      'text-anchor': 'middle',
    }),
    text(
      left,
      bottom + 48,
      '蓝点：读数（弧度，展开到曲线附近） · blue: reads, rad, unwrapped to the curve　橙：所信 · orange: believed　绿虚线：真实 · green: truth',
      { fill: ink.quiet, 'font-size': 12 },
    ),
  ])
}
