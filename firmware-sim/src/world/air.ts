/**
 * Temperature and humidity at each sensor: a slow room with a daily swing, a little wandering, and disturbances
 * that tests and the ambient scenario set. °C and %RH.
 */
import type { Rng } from './rng.ts'

export interface AirValue {
  readonly temperature: number
  readonly humidity: number
}
type Quantity = keyof AirValue
const quantities: readonly Quantity[] = ['temperature', 'humidity']

/** A set value that is reached in a straight line; `null` as target means back to what the room would be. */
interface Ramp {
  readonly from: number
  readonly to: number | null
  readonly rampMs: number
  elapsedMs: number
}
interface Zone {
  wander: Record<Quantity, number>
  ramps: Partial<Record<Quantity, Ramp>>
}
export type AirSaved = Readonly<Record<string, Partial<Record<Quantity, number>>>>

const base: AirValue = { temperature: 19.4, humidity: 51.5 }
const swing: AirValue = { temperature: 0.6, humidity: -1.4 }
const spread: AirValue = { temperature: 0.5, humidity: 1.6 }
const wanderSd: AirValue = { temperature: 0.12, humidity: 0.4 }
/** Time in which the wandering forgets itself. */
const wanderS = 900
/** Warmest at three in the afternoon, Chinese time. */
const warmestHourUtc = 7

export class Air {
  readonly #rng: Rng
  readonly #zones = new Map<string, Zone>()
  readonly #offsets = new Map<string, AirValue>()
  #wallMs = 0

  constructor(sensors: readonly string[], rng: Rng, saved: AirSaved = {}) {
    this.#rng = rng
    for (const s of sensors) {
      const own = rng.fork(s)
      const offset = (q: Quantity) => (own.float() * 2 - 1) * spread[q]
      this.#offsets.set(s, { temperature: offset('temperature'), humidity: offset('humidity') })
      const zone: Zone = { wander: { temperature: 0, humidity: 0 }, ramps: {} }
      for (const q of quantities) {
        const to = saved[s]?.[q]
        if (to !== undefined) zone.ramps[q] = { from: to, to, rampMs: 0, elapsedMs: 0 }
      }
      this.#zones.set(s, zone)
    }
  }

  /** True while a set value has not been reached. */
  get busy(): boolean {
    return [...this.#zones.values()].some((z) =>
      quantities.some((q) => {
        const r = z.ramps[q]
        return r !== undefined && r.elapsedMs < r.rampMs
      }),
    )
  }

  /** Values that are held; what a restart must remember. */
  get saved(): AirSaved {
    const held: Record<string, Partial<Record<Quantity, number>>> = {}
    for (const [s, z] of this.#zones)
      for (const q of quantities) {
        const to = z.ramps[q]?.to
        if (to !== undefined && to !== null) held[s] = { ...held[s], [q]: to }
      }
    return held
  }

  has(sensor: string): boolean {
    return this.#zones.has(sensor)
  }

  /** Drives `sensor` to a value within `rampMs`, where it stays; null lets the room have it back. */
  set(sensor: string, quantity: Quantity, to: number | null, rampMs: number): void {
    const zone = this.#zones.get(sensor)
    if (!zone || (to === null && !zone.ramps[quantity])) return
    const from = this.value(sensor)[quantity]
    zone.ramps[quantity] = { from, to, rampMs, elapsedMs: 0 }
  }

  /** Lets `ms` pass; `wallMs` is the time of day afterwards. */
  advance(ms: number, wallMs: number): void {
    this.#wallMs = wallMs
    const keep = Math.exp(-ms / 1000 / wanderS)
    for (const zone of this.#zones.values())
      for (const q of quantities) {
        const push = Math.sqrt(1 - keep * keep) * wanderSd[q] * this.#rng.normal()
        zone.wander[q] = zone.wander[q] * keep + push
        const ramp = zone.ramps[q]
        if (!ramp) continue
        ramp.elapsedMs += ms
        if (ramp.to === null && ramp.elapsedMs >= ramp.rampMs) delete zone.ramps[q]
      }
  }

  value(sensor: string): AirValue {
    const read = (q: Quantity) => this.#read(sensor, q)
    return { temperature: read('temperature'), humidity: read('humidity') }
  }

  #read(sensor: string, q: Quantity): number {
    const zone = this.#zones.get(sensor)
    const hour = (this.#wallMs / 3_600_000) % 24
    const daily = Math.cos(((hour - warmestHourUtc) / 24) * 2 * Math.PI) * swing[q]
    const natural = base[q] + daily + (this.#offsets.get(sensor)?.[q] ?? 0) + (zone?.wander[q] ?? 0)
    const ramp = zone?.ramps[q]
    if (!ramp) return natural
    const share = ramp.rampMs === 0 ? 1 : Math.min(1, ramp.elapsedMs / ramp.rampMs)
    return ramp.from + ((ramp.to ?? natural) - ramp.from) * share
  }
}
