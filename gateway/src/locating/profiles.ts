import type { WalkScene } from '@lantai/contracts'
import type { ProfileConstants, TrackConstants } from './constants.ts'
import type { ReadBook } from './read-book.ts'
import type { TagSamples } from './row/row.ts'
import { type Track, TrackCursor } from './track.ts'

/**
 * What every tag gave on the walk. A sample is a burst: the reads of one tag on one pass, antenna and channel while
 * the antenna moved less than 1 cm. Samples of tag t are those from `start[t]` to before `start[t + 1]`, in the order
 * of pass, antenna, channel and time, whatever the order of the lines was.
 */
export interface Profiles {
  /** One a tag of the book, and one more. */
  start: Uint32Array
  /** Of the antenna, mm of the rail; the odometer's until it is corrected. */
  x: Float64Array
  /** Microseconds of the first read. */
  at: Float64Array
  /** Index into the scene's antennas. */
  antenna: Uint16Array
  pass: Uint16Array
  /** Index into the channels of the book. */
  channel: Uint16Array
  /** NaN where the reader gave none. */
  phase: Float64Array
  rssi: Float64Array
  /** Reads in the burst. */
  weight: Float64Array
  /** Reads of antennas the scene does not know, and of moments that lie on no pass. */
  unplaced: number
}

/** Whether a tag of the book has samples on the rail. */
export const sampled = (p: Profiles, tag: number | undefined): tag is number =>
  tag !== undefined && (p.start[tag + 1] as number) > (p.start[tag] as number)

interface Placed {
  start: Uint32Array
  /** Numbers of reads, grouped by tag. */
  read: Uint32Array
  x: Float64Array
  pass: Uint16Array
  antenna: Uint16Array
  unplaced: number
}

const noPass = 0xffff

/** Gives every read its pass and its antenna's x, and groups the reads by tag. */
function place(book: ReadBook, scene: WalkScene, track: Track, constants: TrackConstants): Placed {
  const cursor = new TrackCursor(track, constants)
  const indexOf = new Map(scene.antennas.map((a, i) => [a.antenna, i]))
  const x = new Float64Array(book.size)
  const pass = new Uint16Array(book.size).fill(noPass)
  const antenna = new Uint16Array(book.size)
  const start = new Uint32Array(book.tags.all.length + 1)
  let unplaced = 0
  for (let i = 0; i < book.size; i++) {
    const a = indexOf.get(book.antenna[i] as number)
    if (a === undefined || !cursor.seek(book.at[i] as number)) {
      unplaced++
      continue
    }
    pass[i] = cursor.pass
    antenna[i] = a
    x[i] = cursor.x + (scene.antennas[a]?.offsetMm[0] ?? 0)
    addTo(start, (book.tag[i] as number) + 1, 1)
  }
  for (let t = 1; t < start.length; t++) addTo(start, t, start[t - 1] as number)
  const next = start.slice()
  const read = new Uint32Array(book.size - unplaced)
  for (let i = 0; i < book.size; i++) {
    if (pass[i] === noPass) continue
    const tag = book.tag[i] as number
    read[next[tag] as number] = i
    addTo(next, tag, 1)
  }
  return { start, read, x, pass, antenna, unplaced }
}

const addTo = (column: Uint32Array, i: number, n: number) => {
  column[i] = (column[i] as number) + n
}

/** Orders reads by pass, antenna, channel and time; the rest only makes the order of the lines not matter. */
function comparing(book: ReadBook, p: Placed): (a: number, b: number) => number {
  const mhz = Float64Array.from(book.channels)
  const columns = [book.at, book.phase, book.rssi]
  return (a, b) => {
    const grouped =
      (p.pass[a] as number) - (p.pass[b] as number) ||
      (p.antenna[a] as number) - (p.antenna[b] as number) ||
      (mhz[book.channel[a] as number] as number) - (mhz[book.channel[b] as number] as number)
    if (grouped !== 0) return grouped
    for (const column of columns) {
      const d = (column[a] as number) - (column[b] as number)
      if (d !== 0 && !Number.isNaN(d)) return d
    }
    return 0
  }
}

/** One burst while its reads come in. */
class Burst {
  readonly #book: ReadBook
  #sin = 0
  #cos = 0
  #x = 0
  #rssi = 0
  n = 0
  first = -1
  last = -1

  constructor(book: ReadBook) {
    this.#book = book
  }

  begin(i: number) {
    this.#sin = this.#cos = this.#x = this.#rssi = this.n = 0
    this.first = i
  }

  add(i: number, x: number) {
    const phase = this.#book.phase[i] as number
    if (!Number.isNaN(phase)) {
      this.#sin += Math.sin(phase)
      this.#cos += Math.cos(phase)
    }
    this.#x += x
    this.#rssi += this.#book.rssi[i] as number
    this.n++
    this.last = i
  }

  get x() {
    return this.#x / this.n
  }
  get rssi() {
    return this.#rssi / this.n
  }
  get phase() {
    return this.#sin === 0 && this.#cos === 0 ? Number.NaN : Math.atan2(this.#sin, this.#cos)
  }
}

/** The same read told twice: one antenna cannot hear one tag twice in one microsecond. */
const isEcho = (book: ReadBook, a: number, b: number): boolean =>
  book.at[a] === book.at[b] &&
  book.rssi[a] === book.rssi[b] &&
  Object.is(book.phase[a], book.phase[b])

/** Puts the reads of a walk on the rail. Reads told twice count once. */
export function profilesOf(
  book: ReadBook,
  scene: WalkScene,
  track: Track,
  constants: ProfileConstants & TrackConstants,
): Profiles {
  const placed = place(book, scene, track, constants)
  const { read, pass, antenna, x } = placed
  const order = comparing(book, placed)
  const out = roomFor(read.length, placed)
  const burst = new Burst(book)
  let n = 0
  const close = () => {
    if (burst.n === 0) return
    out.x[n] = burst.x
    out.at[n] = book.at[burst.first] as number
    out.antenna[n] = antenna[burst.first] as number
    out.pass[n] = pass[burst.first] as number
    out.channel[n] = book.channel[burst.first] as number
    out.phase[n] = burst.phase
    out.rssi[n] = burst.rssi
    out.weight[n++] = burst.n
    burst.n = 0
  }
  for (let t = 0; t + 1 < placed.start.length; t++) {
    out.start[t] = n
    const mine = read.subarray(placed.start[t], placed.start[t + 1]).sort(order)
    for (const i of mine) {
      const together =
        burst.n > 0 &&
        pass[i] === pass[burst.first] &&
        antenna[i] === antenna[burst.first] &&
        book.channel[i] === book.channel[burst.first]
      if (together && isEcho(book, i, burst.last)) continue
      const here = x[i] as number
      if (!together || Math.abs(here - (x[burst.first] as number)) > constants.burstMm) {
        close()
        burst.begin(i)
      }
      burst.add(i, here)
    }
    close()
  }
  out.start[placed.start.length - 1] = n
  return trimmed(out, n)
}

const roomFor = (reads: number, placed: Placed): Profiles => ({
  start: new Uint32Array(placed.start.length),
  x: new Float64Array(reads),
  at: new Float64Array(reads),
  antenna: new Uint16Array(reads),
  pass: new Uint16Array(reads),
  channel: new Uint16Array(reads),
  phase: new Float64Array(reads),
  rssi: new Float64Array(reads),
  weight: new Float64Array(reads),
  unplaced: placed.unplaced,
})

const trimmed = (p: Profiles, n: number): Profiles => ({
  ...p,
  x: p.x.slice(0, n),
  at: p.at.slice(0, n),
  antenna: p.antenna.slice(0, n),
  pass: p.pass.slice(0, n),
  channel: p.channel.slice(0, n),
  phase: p.phase.slice(0, n),
  rssi: p.rssi.slice(0, n),
  weight: p.weight.slice(0, n),
})

/** The samples of one tag as the row fit takes them; columns are copied. */
export function samplesOf(p: Profiles, tag: number, mhz: readonly number[]): TagSamples {
  const from = p.start[tag] as number
  const to = p.start[tag + 1] as number
  return {
    x: p.x.slice(from, to),
    antenna: p.antenna.slice(from, to),
    pass: p.pass.slice(from, to),
    phase: p.phase.slice(from, to),
    mhz: Float64Array.from(p.channel.subarray(from, to), (c) => mhz[c] as number),
    rssi: p.rssi.slice(from, to),
    weight: p.weight.slice(from, to),
  }
}
