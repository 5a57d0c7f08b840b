import type { WalkRead } from '@lantai/contracts'

const firstRoom = 4096

/** Texts by number, in the order they came. */
export class Names {
  readonly #numbers = new Map<string, number>()
  readonly all: string[] = []

  /** `key` is what makes two names the same; `spelled` is how the first of them is kept. */
  number(key: string, spelled: string = key): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    // A slice of a long line of input would keep the whole line alive.
    const own = ` ${key}`.slice(1)
    this.#numbers.set(own, this.all.length)
    return this.all.push(spelled === key ? own : ` ${spelled}`.slice(1)) - 1
  }

  find(key: string): number | undefined {
    return this.#numbers.get(key)
  }

  /** Gives name `n` the number `now[n]`. */
  renumber(now: Uint32Array) {
    const was = this.all.slice()
    for (const [n, name] of was.entries()) this.all[now[n] as number] = name
    for (const [key, n] of this.#numbers) this.#numbers.set(key, now[n] as number)
  }
}

/** For every number the place it has when sorted. */
function numbered(n: number, order: (a: number, b: number) => number): Uint32Array {
  const now = new Uint32Array(n)
  for (const [place, was] of [...now.keys()].sort(order).entries()) now[was] = place
  return now
}

/** EPCs are compared without regard to case. */
export const epcKey = (epc: string): string => epc.toLowerCase()

function grown<T extends Float64Array | Float32Array | Uint32Array | Uint16Array>(
  column: T,
  room: number,
): T {
  const wider = new (column.constructor as new (n: number) => T)(room)
  wider.set(column)
  return wider
}

/**
 * The reads of a walk in columns: 24 bytes a read, whatever the length of its EPC. Filled read by read, in any order.
 * Phase is NaN where the reader gives none.
 */
export class ReadBook {
  readonly tags = new Names()
  readonly channels: number[] = []
  readonly #channelNumbers = new Map<number, number>()
  size = 0
  /** Microseconds. */
  at = new Float64Array(firstRoom)
  tag = new Uint32Array(firstRoom)
  antenna = new Uint16Array(firstRoom)
  channel = new Uint16Array(firstRoom)
  phase = new Float32Array(firstRoom)
  rssi = new Float32Array(firstRoom)

  static of(reads: Iterable<WalkRead>): ReadBook {
    const book = new ReadBook()
    for (const read of reads) book.add(read)
    return book
  }

  add(read: WalkRead) {
    if (this.size === this.at.length) this.#grow()
    const i = this.size++
    this.at[i] = read.at
    this.tag[i] = this.tags.number(epcKey(read.epc), read.epc)
    this.antenna[i] = read.antenna
    this.channel[i] = this.#channelOf(read.channelMHz)
    this.phase[i] = read.phaseRad ?? Number.NaN
    this.rssi[i] = read.rssiDbm
  }

  /**
   * Numbers tags by their first read and channels by frequency, so that sums over them come out the same to the last
   * bit whatever the order of the lines was.
   */
  settle() {
    const first = new Float64Array(this.tags.all.length).fill(Number.POSITIVE_INFINITY)
    for (let i = 0; i < this.size; i++) {
      const t = this.tag[i] as number
      first[t] = Math.min(first[t] as number, this.at[i] as number)
    }
    const names = this.tags.all
    const byTime = (a: number, b: number) =>
      (first[a] as number) - (first[b] as number) ||
      (epcKey(names[a] as string) < epcKey(names[b] as string) ? -1 : 1)
    const tagNow = numbered(names.length, byTime)
    const mhz = this.channels.slice()
    const channelNow = numbered(mhz.length, (a, b) => (mhz[a] as number) - (mhz[b] as number))
    for (let i = 0; i < this.size; i++) {
      this.tag[i] = tagNow[this.tag[i] as number] as number
      this.channel[i] = channelNow[this.channel[i] as number] as number
    }
    this.tags.renumber(tagNow)
    this.#channelNumbers.clear()
    for (const [i, f] of mhz.entries()) {
      this.channels[channelNow[i] as number] = f
      this.#channelNumbers.set(f, channelNow[i] as number)
    }
  }

  #channelOf(mhz: number): number {
    const known = this.#channelNumbers.get(mhz)
    if (known !== undefined) return known
    this.#channelNumbers.set(mhz, this.channels.length)
    return this.channels.push(mhz) - 1
  }

  #grow() {
    const room = Math.ceil(this.size * 1.5)
    this.at = grown(this.at, room)
    this.tag = grown(this.tag, room)
    this.antenna = grown(this.antenna, room)
    this.channel = grown(this.channel, room)
    this.phase = grown(this.phase, room)
    this.rssi = grown(this.rssi, room)
  }
}
