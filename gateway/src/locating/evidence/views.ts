import type { EvidenceConstants } from '../constants.ts'
import type { Profiles } from '../profiles.ts'
import type { Line } from './lines.ts'
import type { Looks } from './looks.ts'

/** rad·MHz⁻¹·mm⁻¹ of way there and back. */
export const radPerMhzMm = (4 * Math.PI) / 299_792.458
export const tau = 2 * Math.PI
export const wrap = (a: number): number => a - tau * Math.floor(a / tau + 0.5)

/**
 * What one antenna saw of one tag, from left to right, 2 cm a place. Phases are as if all were of one channel, its
 * cable taken off.
 */
export interface View {
  antenna: number
  x: Float64Array
  /** NaN where the reader gave none. */
  phase: Float64Array
  rssi: Float64Array
  weight: Float64Array
  /** Standard deviation of the phase that is left of the cable: all places share one unknown factor of it. */
  tilt: Float64Array
}

/** How far an antenna is from the tags of a tier, but for x. */
export interface Sight {
  /** Square of the distance straight in front, mm². */
  across2: number
  line: Line
  /** What a tag there should look like. */
  looks: Looks
  /** Phase of this antenna before this tier against the others (`between.ts`); null as long as it is unknown. */
  offset: number | null
}

/** Indices of the samples that have a value. */
export function seenOf(value: Float64Array): number[] {
  const seen: number[] = []
  for (let i = 0; i < value.length; i++) if (!Number.isNaN(value[i])) seen.push(i)
  return seen
}
export function columnOf(column: Float64Array, rows: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i] as number] as number
  return out
}

/** The views of one tag around `centre`, one an antenna that heard it; of one pass, or of all together. */
export function viewsOf(
  p: Profiles,
  tag: number,
  centre: number,
  mhz: readonly number[],
  referenceMhz: number,
  sights: readonly Sight[],
  c: EvidenceConstants,
  pass = -1,
): View[] {
  const groups = new Map<number, number[]>()
  for (let i = p.start[tag] as number; i < (p.start[tag + 1] as number); i++) {
    if (Math.abs((p.x[i] as number) - centre) > c.reachMm) continue
    if (pass >= 0 && p.pass[i] !== pass) continue
    const antenna = p.antenna[i] as number
    const group = groups.get(antenna)
    if (group) group.push(i)
    else groups.set(antenna, [i])
  }
  return [...groups].map(([antenna, samples]) =>
    viewOf(p, antenna, samples, mhz, referenceMhz, sights[antenna] as Sight, c),
  )
}

interface Place {
  first: number
  x: number
  sin: number
  cos: number
  rssi: number
  mhz: number
  n: number
}

function viewOf(
  p: Profiles,
  antenna: number,
  samples: number[],
  mhz: readonly number[],
  referenceMhz: number,
  sight: Sight,
  c: EvidenceConstants,
): View {
  samples.sort((a, b) => (p.x[a] as number) - (p.x[b] as number))
  // To one channel: the cable's share, and the way through the air as for a tag a little to the side.
  const slope = sight.line.radPerMhz + radPerMhzMm * Math.sqrt(sight.across2) * 1.1
  const places: Place[] = []
  for (const i of samples) {
    const x = p.x[i] as number
    const last = places.at(-1)
    const open = last && x - last.first <= c.placeMm
    const place = open ? last : { first: x, x: 0, sin: 0, cos: 0, rssi: 0, mhz: 0, n: 0 }
    if (!open) places.push(place)
    const w = p.weight[i] as number
    const off = (mhz[p.channel[i] as number] as number) - referenceMhz
    place.x += w * x
    place.rssi += w * (p.rssi[i] as number)
    place.mhz += w * off
    place.n += w
    const phase = p.phase[i] as number
    if (Number.isNaN(phase)) continue
    place.sin += w * Math.sin(phase - slope * off)
    place.cos += w * Math.cos(phase - slope * off)
  }
  const n = places.length
  const column = () => new Float64Array(n)
  const view = { x: column(), phase: column(), rssi: column(), weight: column(), tilt: column() }
  for (let i = 0; i < n; i++) {
    const q = places[i] as Place
    view.x[i] = q.x / q.n
    view.phase[i] = q.sin === 0 && q.cos === 0 ? Number.NaN : Math.atan2(q.sin, q.cos)
    view.rssi[i] = q.rssi / q.n
    view.weight[i] = q.n
    view.tilt[i] = (sight.line.sigma * q.mhz) / q.n
  }
  return { antenna, ...view }
}
