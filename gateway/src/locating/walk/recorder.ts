/**
 * Gathers one walk from what the drivers of the cart's reader and odometer tell: reads and positions on one clock, and
 * the times in which the reader could not be heard. Memory is bounded; a lost link leaves a gap, never a guess.
 */
import type { Clock, Pose } from '@lantai/contracts'
import type { DriverEvent, TagRead } from '../../drivers/driver.ts'
import { type Blind, united } from './blind.ts'
import { PositionColumns, ReadColumns, type ReadTable } from './columns.ts'
import { Timeline } from './timeline.ts'

export interface RecorderSettings {
  /** Device ids. */
  readonly reader: string
  readonly odometer: string
  /** Where the cart stands now, on the rail: positions count from here. */
  readonly startXMm: number
}

/** What makes a stretch of a walk worthless, in the words of the console. */
export const walkTroubles = [
  /** The reader was away or lost reads. */
  'reader-gap',
  /** The odometer was away. */
  'odometer-gap',
  /** The odometer began anew: what was walked since cannot be placed. */
  'odometer-restarted',
  /** The walk is longer than what is kept of one. */
  'full',
  /** Reads without a level, frequency or antenna: this reader does not say enough. */
  'reads-unusable',
] as const
export type WalkTrouble = (typeof walkTroubles)[number]

/** A walk that has ended. */
export interface Gathered {
  readonly reads: ReadTable
  /** In order of time, each later than the one before. */
  readonly poses: readonly Pose[]
  readonly blinds: readonly Blind[]
  readonly troubles: readonly WalkTrouble[]
}

export interface WalkProgress {
  readonly reads: number
  readonly tags: number
  /** Where the cart is by its odometer; null before its first word. */
  readonly xMm: number | null
  readonly walkedMm: number
  readonly troubles: readonly WalkTrouble[]
}

type Event<K extends DriverEvent['kind']> = Extract<DriverEvent, { kind: K }>

/** Three polls without a position, and at least this long, are a gap. */
export const gapUs = 1_000_000

export class WalkRecorder {
  readonly #settings: RecorderSettings
  readonly #clock: Clock
  readonly #reads = new ReadColumns()
  readonly #readTimes = new Timeline()
  readonly #positions = new PositionColumns()
  readonly #positionTimes = new Timeline()
  readonly #blinds: Blind[] = []
  readonly #troubles = new Set<WalkTrouble>()
  readonly #beganUs: number
  #readerHeardUs: number
  /** Since when the reader is not heard; null while it is. */
  #silentSinceUs: number | null = null
  #odometerHeardUs: number
  #stretch: { id: number; zeroMm: number } | null = null
  #xMm: number | null = null
  #walkedMm = 0

  constructor(settings: RecorderSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    this.#beganUs = this.#nowUs()
    this.#readerHeardUs = this.#beganUs
    this.#odometerHeardUs = this.#beganUs
  }

  get progress(): WalkProgress {
    // A gap is told while it lasts: whoever walks can stop.
    if (this.#silentSinceUs !== null && !this.#reads.isFull) this.#troubles.add('reader-gap')
    if (this.#nowUs() - this.#odometerHeardUs > gapUs) this.#troubles.add('odometer-gap')
    return {
      ...{ reads: this.#reads.size, tags: this.#reads.epcs.length },
      ...{ xMm: this.#xMm, walkedMm: this.#walkedMm, troubles: [...this.#troubles] },
    }
  }

  /** @param ageMs since the driver read it */
  take(event: DriverEvent, ageMs: number): void {
    const { reader, odometer } = this.#settings
    if (event.device === odometer && event.kind === 'odometry') this.#position(event, ageMs)
    if (event.device !== reader) return
    if (event.kind === 'tags') this.#tags(event, ageMs)
    else if (event.kind === 'hole') this.#hole(event)
    else if (event.kind === 'health') this.#health(event)
  }

  /** The drivers of these devices have died; nothing is known of them until they speak again. */
  lost(devices: readonly string[]): void {
    if (devices.includes(this.#settings.reader)) this.#silentSinceUs ??= this.#readerHeardUs
  }

  /** Ends the walk; nothing is taken any more. */
  finish(): Gathered {
    const nowUs = this.#nowUs()
    if (this.#silentSinceUs !== null) this.#blind(this.#silentSinceUs, nowUs)
    if (nowUs - this.#odometerHeardUs > gapUs) this.#troubles.add('odometer-gap')
    this.#readTimes.toOurs(this.#reads.at, this.#reads.size)
    this.#positionTimes.toOurs(this.#positions.at, this.#positions.size)
    return {
      reads: this.#reads,
      poses: this.#poses(),
      blinds: united(this.#blinds),
      troubles: [...this.#troubles],
    }
  }

  #nowUs(): number {
    return Math.round(this.#clock.mono() * 1000)
  }

  #tags({ reads }: Event<'tags'>, ageMs: number): void {
    const heardUs = this.#nowUs() - ageMs * 1000
    this.#readerHeardUs = heardUs
    for (const r of reads) this.#read(r, heardUs)
  }

  #read(r: TagRead, heardUs: number): void {
    const { rssiDbm, frequencyKhz } = r
    if (rssiDbm === undefined || frequencyKhz === undefined || !Number.isFinite(rssiDbm)) {
      this.#troubles.add('reads-unusable')
      return
    }
    if (this.#reads.isFull) {
      this.#troubles.add('full')
      this.#silentSinceUs ??= heardUs
      return
    }
    const at = this.#readTimes.take({ deviceUs: r.deviceTimeUs ?? null, heardUs })
    this.#reads.add(at, { ...r, rssiDbm, frequencyKhz })
  }

  #hole({ fromMs, toMs }: Event<'hole'>): void {
    // The driver knows wall time only; what lies between then and now is the same on both clocks.
    const ours = (wallMs: number) => this.#nowUs() - (this.#clock.now() - wallMs) * 1000
    this.#blind(Math.min(ours(fromMs), this.#nowUs()), ours(toMs))
  }

  #health({ state }: Event<'health'>): void {
    if (this.#reads.isFull) return
    if (state === 'offline' || state === 'unknown') this.#silentSinceUs ??= this.#readerHeardUs
    else if (this.#silentSinceUs !== null) {
      this.#blind(this.#silentSinceUs, this.#nowUs())
      this.#silentSinceUs = null
    }
  }

  #blind(fromUs: number, toUs: number): void {
    this.#troubles.add('reader-gap')
    this.#blinds.push({ fromUs: Math.max(this.#beganUs, fromUs), toUs })
  }

  #position({ stretch, xMm, deviceUs, roundTripMs }: Event<'odometry'>, ageMs: number): void {
    const heardUs = this.#nowUs() - ageMs * 1000
    if (heardUs - this.#odometerHeardUs > gapUs) this.#troubles.add('odometer-gap')
    this.#odometerHeardUs = heardUs
    const { startXMm } = this.#settings
    this.#stretch ??= { id: stretch, zeroMm: xMm - startXMm }
    if (stretch !== this.#stretch.id) {
      this.#troubles.add('odometer-restarted')
      return
    }
    const x = xMm - this.#stretch.zeroMm
    this.#walkedMm += Math.abs(x - (this.#xMm ?? x))
    // Without a clock of its own it was so somewhere in the round trip: the middle is wrong by half of it at most.
    const ourUs = deviceUs === null ? heardUs - (roundTripMs * 1000) / 2 : heardUs
    const at = this.#positionTimes.take({ deviceUs, heardUs: ourUs })
    this.#keep(at, x)
    this.#xMm = x
  }

  #keep(at: number, xMm: number): void {
    if (this.#positions.isFull) {
      this.#troubles.add('full')
      return
    }
    this.#positions.add(at, xMm)
  }

  #poses(): Pose[] {
    const poses: Pose[] = []
    for (let i = 0; i < this.#positions.size; i++) {
      const at = Math.round(this.#positions.at[i] as number)
      const last = poses.at(-1)
      if (!last || at > last.at) poses.push({ at, xMm: this.#positions.x[i] as number })
    }
    return poses
  }
}
