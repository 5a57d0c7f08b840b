/**
 * One row of tags in a room, and one antenna on a rail before it: the arrangement of laboratories, and of the public
 * recordings by which the model earns trust (locating 5 and 11). Same channel, other surroundings: no shelf, a floor,
 * walls and furniture.
 */
import { Rng } from '../rng.ts'
import type { AirSetup } from './air.ts'
import { type AirAntenna, patternExponent } from './antenna.ts'
import { Clutter, type ClutterKind } from './clutter.ts'
import { drawAll, type EachBetween } from './draw-all.ts'
import type { Gen2Settings } from './gen2.ts'
import type { Point } from './geometry.ts'
import type { LinkSettings } from './link.ts'
import { between, type Range } from './range.ts'
import { imageIn, type Mirror } from './source.ts'
import { drawCoupling, overNeighbours } from './steel.ts'
import { drawTag, type TagRanges } from './tag.ts'

export interface RowRanges {
  readonly tags: TagRanges
  readonly glueMm: Range
  readonly heightMm: Range
  /** Floor, and the wall behind the tags. */
  readonly floor: Range
  readonly wall: Range
  readonly wallMm: Range
  readonly coupling: Range
  /**
   * Power of what stands at both sides of the row (ends of the rail, stands, a table), and in the room behind it,
   * against the direct way.
   */
  readonly sidesDb: Range
  /** One side is so much louder than the other: rooms have one wall, or one cabinet, that is nearer. */
  readonly louderSideDb: Range
  readonly roomDb: Range
  readonly gainDbi: Range
  readonly beamWidthDeg: Range
  readonly backDb: Range
  readonly cableMm: Range
  readonly txDbm: Range
  /** The phase centre lies so far before the point whose place was written down. */
  readonly phaseCentreMm: Range
  readonly link: EachBetween<LinkSettings>
}

/** As somebody wrote it down. */
export interface RowGeometry {
  readonly tagsMm: readonly number[]
  readonly depthMm: number
  readonly railMm: readonly [number, number]
}

/**
 * Rows of one `room` share all that scatters, and the antenna: what somebody recorded in one day is one room, however
 * many rows there are. Tags are of the row's own `seed`.
 */
export function drawRow(
  seed: string,
  geometry: RowGeometry,
  ranges: RowRanges,
  room: string = seed,
): AirSetup {
  const rng = new Rng(`row/${seed}`)
  const shared = new Rng(`room/${room}`)
  const height = between(shared, ranges.heightMm)
  const glue = between(rng, ranges.glueMm)
  const tags = geometry.tagsMm.map((xMm, i) => {
    const at = {
      xMm: xMm + glue * rng.normal(),
      yMm: geometry.depthMm + glue * rng.normal(),
      zMm: height + glue * rng.normal(),
    }
    return drawTag(`row-${i}`, at, ranges.tags, rng)
  })
  const points = tags.map((tag) => tag.at)
  const mirrors = drawMirrors(geometry, ranges, shared.fork('mirrors'))
  const coupled = drawCoupling(points, between(rng, ranges.coupling), rng.fork('coupling'))
  const clutter = Clutter.draw(
    clutterKinds(geometry, height, ranges, shared.fork('kinds')),
    points,
    shared.fork('clutter'),
  )
  return {
    tags,
    antennas: [drawAntenna(height, ranges, shared.fork('antenna'))],
    trackMm: geometry.railMm,
    sources: (at: Point, tag: number) => [
      ...mirrors.map((mirror) => imageIn(mirror, at)),
      ...overNeighbours(at, coupled[tag] ?? [], points),
      ...clutter.sourcesOf(at),
    ],
    link: drawAll(ranges.link, shared.fork('link')),
    gen2: quickGen2,
  }
}

/** Middling: nobody times a row. */
const quickGen2: Gen2Settings = {
  ...{ emptyUs: 200, collisionUs: 400, successUs: 2000, queryUs: 1000, c: 0.3, capture: 0.3 },
}

function drawAntenna(height: number, ranges: RowRanges, rng: Rng): AirAntenna {
  return {
    antenna: 1,
    offsetMm: [0, height, 0],
    phaseCentreMm: between(rng, ranges.phaseCentreMm),
    gainDbi: between(rng, ranges.gainDbi),
    exponent: patternExponent(between(rng, ranges.beamWidthDeg)),
    back: 10 ** (between(rng, ranges.backDb) / 10),
    cableMm: between(rng, ranges.cableMm),
    phaseRad: 2 * Math.PI * rng.float(),
    txDbm: between(rng, ranges.txDbm),
  }
}

function drawMirrors({ depthMm }: RowGeometry, ranges: RowRanges, rng: Rng): Mirror[] {
  const turn = () => Math.PI + 0.4 * rng.normal()
  return [
    { axis: 'z', atMm: 0, gamma: between(rng, ranges.floor), turnRad: turn() },
    {
      axis: 'y',
      atMm: depthMm + between(rng, ranges.wallMm),
      gamma: between(rng, ranges.wall),
      turnRad: turn(),
    },
  ]
}

/** Of each kind: so few that some outshine the rest. */
const scatterers = 28

function clutterKinds(
  { depthMm, railMm: [from, to] }: RowGeometry,
  height: number,
  ranges: RowRanges,
  rng: Rng,
): ClutterKind[] {
  const total = between(rng, ranges.sidesDb)
  const louder = between(rng, ranges.louderSideDb) * (rng.chance(0.5) ? 1 : -1)
  const side = (xMm: Range, louderDb: number): ClutterKind => ({
    xMm,
    yMm: [depthMm - 400, depthMm + 900],
    zMm: [height - 600, height + 600],
    count: scatterers / 2,
    powerDb: total + shareDb(louderDb),
  })
  return [
    side([from - 450, from + 350], louder),
    side([to - 350, to + 450], -louder),
    {
      xMm: [from - 2500, to + 2500],
      yMm: [depthMm, depthMm + 4500],
      zMm: [height - 1500, height + 1500],
      count: scatterers,
      powerDb: between(rng, ranges.roomDb),
    },
  ]
}

/** Share of one of two, of which it is so much the louder. */
const shareDb = (louderDb: number): number => -10 * Math.log10(1 + 10 ** (-louderDb / 10))
