import type { Clock } from '@lantai/contracts'
import type { DriverEvent, InputReport } from '../driver.ts'
import type { ZigbeeState } from './frames.ts'
import { contactsOf, modelOf } from './models.ts'
import { reportMsOf, type ZigbeeDevice } from './settings.ts'

/** An unchanged contact is repeated so often, so that its age can be judged (rule S1: two seconds). */
export const repeatMs = 500
/** An older reading is no reading of now. */
const liveMs = 60_000
/** Clocks of bridge and gateway may differ so much. */
const skewMs = 60_000

/** One Zigbee device: what is known of it, and until when. */
export class Watched {
  readonly device: ZigbeeDevice
  readonly #entry: string
  readonly #clock: Clock
  readonly #emit: (event: DriverEvent) => void
  readonly #states = new Map<string, InputReport>()
  readonly #told = new Map<string, { state: InputReport; at: number }>()
  readonly #hasAir: boolean
  #silentTold: boolean | null = null
  /** Monotonic; null when nothing is known. */
  #knownUntil: number | null = null

  constructor(
    entry: string,
    device: ZigbeeDevice,
    clock: Clock,
    emit: (event: DriverEvent) => void,
  ) {
    this.device = device
    this.#entry = entry
    this.#clock = clock
    this.#emit = emit
    this.#hasAir = modelOf(device.model).quantities.length > 0
  }

  get known(): boolean {
    return this.#knownUntil !== null && this.#clock.mono() < this.#knownUntil
  }

  /**
   * Takes a state in by its age. `proven` is false for what the broker or the bridge may have kept: then only
   * `last_seen` tells its age. Returns why it was not taken.
   */
  take(state: ZigbeeState, proven: boolean): 'taken' | 'old' | 'ageless' | 'future' {
    const age = this.#age(state, proven)
    if (typeof age === 'string') return age
    const reportMs = reportMsOf(this.device)
    if (age >= reportMs) return 'old'
    this.#knownUntil = this.#clock.mono() + reportMs - age
    for (const { field, id } of contactsOf(this.device)) {
      const told = state.contacts.get(field)
      if (told) this.#states.set(id, told)
    }
    // What was kept somewhere is a state at most, never a reading.
    if (proven && age < liveMs) this.#readings(state)
    this.tell()
    return 'taken'
  }

  /** The bridge, the broker or its availability says that nothing is known of it. */
  forget() {
    this.#knownUntil = null
    this.#states.clear()
    this.tell()
  }

  /** Tells changes at once and the rest in time. */
  tell() {
    if (!this.known) this.#states.clear()
    const now = this.#clock.mono()
    for (const { id } of contactsOf(this.device)) {
      const state = this.#states.get(id) ?? 'unknown'
      const before = this.#told.get(id)
      if (before?.state === state && now - before.at < repeatMs) continue
      this.#told.set(id, { state, at: now })
      this.#emit({ kind: 'contact', device: this.#entry, input: id, state })
    }
    if (!this.known) this.#silent(true)
  }

  #age({ lastSeenMs }: ZigbeeState, proven: boolean): number | 'ageless' | 'future' {
    if (lastSeenMs === undefined) return proven ? 0 : 'ageless'
    const age = this.#clock.now() - lastSeenMs
    if (age < -skewMs) return proven ? 0 : 'future'
    return Math.max(0, age)
  }

  #readings(state: ZigbeeState) {
    if (Object.keys(state.values).length === 0) return
    this.#silent(false)
    const { id } = this.device
    this.#emit({ kind: 'readings', device: this.#entry, sensor: id, values: state.values })
  }

  #silent(silent: boolean) {
    if (!this.#hasAir || this.#silentTold === silent) return
    this.#silentTold = silent
    this.#emit({ kind: 'sensorSilent', device: this.#entry, sensor: this.device.id, silent })
  }
}
