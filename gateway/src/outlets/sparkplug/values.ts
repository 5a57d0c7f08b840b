import type { Clock, DeviceHealth, Quantity } from '@lantai/contracts'
import { interlockInputs, quantities } from '@lantai/contracts'
import type { DriverEvent, InputReport, KnownDevice } from '../../drivers/driver.ts'
import { freshMs } from '../../interlock/types.ts'
import type { MetricType, Quality } from './payload.ts'

/** One value of a device as it may be shown now: without a value where it is not known. */
export interface Sample {
  readonly name: string
  readonly type: MetricType
  readonly unit?: string
  readonly value: number | boolean | string | null
  readonly quality: Quality
  /** Wall milliseconds of the observation, or of now where there is none. */
  readonly at: number
}
export interface DeviceSample {
  readonly id: string
  /** False: nothing is known of it, and its death certificate says so. */
  readonly alive: boolean
  readonly samples: readonly Sample[]
}

interface Seen<T> {
  readonly value: T
  /** Monotonic milliseconds, and the wall clock of the same moment. */
  readonly mono: number
  readonly wall: number
}
type Scalar = number | boolean | string | null

const units: Readonly<Record<Quantity, string>> = { temperature: 'Cel', humidity: '%RH' }
const active: Readonly<Record<InputReport, boolean | null>> = {
  active: true,
  clear: false,
  unknown: null,
}

/**
 * The last word of every device, with its age. What is older than its time is given without a value: a plant's SCADA must
 * never take an old value for a live one (devices 3). Tags are not among it: a box's whereabouts are not the plant's.
 */
export class PlantValues {
  readonly #devices: () => readonly KnownDevice[]
  readonly #health: () => readonly DeviceHealth[]
  readonly #clock: Clock
  /** By device and name of the value. */
  readonly #seen = new Map<string, Seen<Scalar>>()

  constructor(
    devices: () => readonly KnownDevice[],
    health: () => readonly DeviceHealth[],
    clock: Clock,
  ) {
    this.#devices = devices
    this.#health = health
    this.#clock = clock
  }

  take(e: DriverEvent, ageMs: number) {
    const put = (name: string, value: Scalar) =>
      this.#seen.set(`${e.device}/${name}`, {
        value,
        mono: this.#clock.mono() - ageMs,
        // Ages are fractions; a payload's times are whole milliseconds.
        wall: Math.round(this.#clock.now() - ageMs),
      })
    if (e.kind === 'readings')
      for (const q of quantities) {
        const value = e.values[q]
        if (value !== undefined) put(airName(e.sensor, q), value)
      }
    if (e.kind === 'sensorSilent' && e.silent)
      for (const q of quantities) put(airName(e.sensor, q), null)
    if (e.kind === 'contact') put(contactName(e.input), active[e.state])
    if (e.kind === 'bank') {
      put('Bank/Motion', e.observed.motion === 'unknown' ? null : e.observed.motion)
      put('Bank/OpenAisle', e.observed.openAisle)
      for (const input of interlockInputs)
        put(`Bank/${input}`, active[e.inputs[input] ?? 'unknown'])
    }
  }

  sample(): DeviceSample[] {
    const health = new Map(this.#health().map((h) => [h.device, h]))
    return this.#devices()
      .filter(({ entry }) => !entry.disabled)
      .map((d) => {
        const h = health.get(d.entry.id)
        const alive = h?.state === 'online' || h?.state === 'degraded'
        const since = h ? Date.parse(h.since) : this.#clock.now()
        const state = { name: 'Device/State', type: 'String', quality: 'good', at: since } as const
        const simulated = { ...state, name: 'Device/Simulated', type: 'Boolean' } as const
        return {
          id: d.entry.id,
          alive,
          samples: [
            { ...state, value: h?.state ?? 'unknown' },
            { ...simulated, value: d.entry.simulated ?? false },
            ...this.#of(d),
          ],
        }
      })
  }

  #of({ entry, facets }: KnownDevice): Sample[] {
    const samples: Sample[] = []
    const add = (name: string, type: MetricType, forMs: number, unit?: string) =>
      samples.push(this.#now(entry.id, name, type, forMs, unit))
    for (const s of facets.air?.sensors ?? [])
      for (const q of quantities)
        add(airName(s.id, q), 'Double', 3 * (facets.air?.everyMs ?? 0), units[q])
    for (const c of facets.contacts ?? []) add(contactName(c.id), 'Boolean', freshMs)
    if (facets.bank) {
      add('Bank/Motion', 'String', freshMs)
      add('Bank/OpenAisle', 'Int32', freshMs)
      for (const input of interlockInputs) add(`Bank/${input}`, 'Boolean', freshMs)
    }
    return samples
  }

  #now(device: string, name: string, type: MetricType, forMs: number, unit?: string): Sample {
    const seen = this.#seen.get(`${device}/${name}`)
    const base = { name, type, ...(unit === undefined ? {} : { unit }) }
    if (!seen) return { ...base, value: null, quality: 'bad', at: this.#clock.now() }
    if (this.#clock.mono() - seen.mono > forMs)
      return { ...base, value: null, quality: 'stale', at: seen.wall }
    const { value, wall: at } = seen
    return { ...base, value, quality: value === null ? 'bad' : 'good', at }
  }
}

const airName = (sensor: string, q: Quantity) =>
  `Air/${sensor}/${q === 'temperature' ? 'Temperature' : 'Humidity'}`
const contactName = (input: string) => `Contact/${input}`
