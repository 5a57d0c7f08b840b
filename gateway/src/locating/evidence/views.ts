import type { EvidenceConstants } from '../constants.ts'
import type { Profiles } from '../profiles.ts'
import { numbers, Scratch } from '../scratch.ts'
import type { Line } from './lines.ts'
import type { Looks } from './looks.ts'

/** rad·MHz⁻¹·mm⁻¹ of way there and back. */
export const radPerMhzMm = (4 * Math.PI) / 299_792.458
export const tau = 2 * Math.PI
const perTurn = 1 / tau
export const wrap = (a: number): number => a - tau * Math.floor(a * perTurn + 0.5)

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

/** The samples of a view that `keep` is true of, by their number. */
export function kept(view: View, keep: (i: number) => boolean): View {
  const rows: number[] = []
  for (let i = 0; i < view.x.length; i++) if (keep(i)) rows.push(i)
  if (rows.length === view.x.length) return view
  const of = (column: Float64Array) => columnOf(column, rows)
  return {
    antenna: view.antenna,
    x: of(view.x),
    phase: of(view.phase),
    rssi: of(view.rssi),
    weight: of(view.weight),
    tilt: of(view.tilt),
  }
}

function columnOf(column: Float64Array, rows: readonly number[]): Float64Array {
  const out = numbers(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i] as number] as number
  return out
}

/** The samples that have a phase. */
export const phasedOf = (view: View): View => kept(view, (i) => !Number.isNaN(view.phase[i]))

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

/** From more samples on a sort in place takes longer than the library's, which makes a call to compare two. */
const fewSamples = 100

function sortByX(samples: number[], x: Float64Array) {
  if (samples.length > fewSamples) {
    samples.sort((a, b) => (x[a] as number) - (x[b] as number))
    return
  }
  for (let i = 1; i < samples.length; i++) {
    const mine = samples[i] as number
    const at = x[mine] as number
    let j = i
    for (; j > 0 && (x[samples[j - 1] as number] as number) > at; j--)
      samples[j] = samples[j - 1] as number
    samples[j] = mine
  }
}

/** So many places that samples, from left to right, fall into. */
function placesOf(x: Float64Array, samples: readonly number[], placeMm: number): number {
  let n = 0
  let first = Number.NEGATIVE_INFINITY
  for (const i of samples) {
    if ((x[i] as number) - first <= placeMm) continue
    first = x[i] as number
    n++
  }
  return n
}

const sines = new Scratch()
const cosines = new Scratch()

function viewOf(
  p: Profiles,
  antenna: number,
  samples: number[],
  mhz: readonly number[],
  referenceMhz: number,
  sight: Sight,
  c: EvidenceConstants,
): View {
  sortByX(samples, p.x)
  // To one channel: the cable's share, and the way through the air as for a tag a little to the side.
  const slope = sight.line.radPerMhz + radPerMhzMm * Math.sqrt(sight.across2) * 1.1
  const n = placesOf(p.x, samples, c.placeMm)
  const sin = sines.zeros(n)
  const cos = cosines.zeros(n)
  const view = {
    antenna,
    x: numbers(n),
    phase: numbers(n),
    rssi: numbers(n),
    weight: numbers(n),
    tilt: numbers(n),
  }
  const { x, phase, rssi, weight, tilt } = view
  let k = -1
  let first = Number.NEGATIVE_INFINITY
  for (const i of samples) {
    const at = p.x[i] as number
    if (at - first > c.placeMm) {
      first = at
      k++
    }
    const w = p.weight[i] as number
    const off = (mhz[p.channel[i] as number] as number) - referenceMhz
    x[k] = (x[k] as number) + w * at
    rssi[k] = (rssi[k] as number) + w * (p.rssi[i] as number)
    tilt[k] = (tilt[k] as number) + w * off
    weight[k] = (weight[k] as number) + w
    const rad = p.phase[i] as number
    if (Number.isNaN(rad)) continue
    sin[k] = (sin[k] as number) + w * Math.sin(rad - slope * off)
    cos[k] = (cos[k] as number) + w * Math.cos(rad - slope * off)
  }
  for (let i = 0; i < n; i++) {
    const reads = weight[i] as number
    const s = sin[i] as number
    const q = cos[i] as number
    x[i] = (x[i] as number) / reads
    phase[i] = s === 0 && q === 0 ? Number.NaN : Math.atan2(s, q)
    rssi[i] = (rssi[i] as number) / reads
    tilt[i] = (sight.line.sigma * (tilt[i] as number)) / reads
  }
  return view
}
