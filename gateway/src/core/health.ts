import type { Clock, DeviceHealth, DeviceHealthState } from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'
import type { ConfigPlan } from './config-plan.ts'
import { instant } from './system-clock.ts'

export interface HealthReport {
  state: DeviceHealthState
  detail: string | null
  firmware: string | null
  badFrames: number
}

/** What is known of every device of the list. Until a driver speaks, a device is `unknown`, never well. */
export class HealthRegistry {
  readonly #clock: Clock
  readonly #devices = new Map<string, DeviceHealth>()
  readonly #changed: (health: DeviceHealth) => void

  constructor(
    devices: readonly KnownDevice[],
    clock: Clock,
    changed: (health: DeviceHealth) => void,
  ) {
    this.#clock = clock
    this.#changed = changed
    for (const d of devices) this.#add(d)
  }

  #add({ entry: d }: KnownDevice): DeviceHealth {
    const health: DeviceHealth = {
      device: d.id,
      driver: d.driver,
      label: d.label,
      state: 'unknown',
      since: instant(this.#clock.now()),
      detail: d.disabled ? 'disabled in the device list' : null,
      firmware: null,
      badFrames: 0,
      ...(d.simulated ? { simulated: true } : {}),
    }
    this.#devices.set(d.id, health)
    return health
  }

  /** New and changed devices are unknown until their drivers speak; of a removed one nothing more is said. */
  apply(plan: ConfigPlan) {
    for (const { entry } of plan.removed) this.#devices.delete(entry.id)
    for (const d of [...plan.added, ...plan.changed.map((c) => c.after)])
      this.#changed(this.#add(d))
  }

  /** Tells a change of state, detail or firmware; a count of bad frames alone is no news. */
  report(device: string, r: HealthReport) {
    const last = this.#devices.get(device)
    if (!last) return
    const detail = r.detail?.slice(0, 300) ?? null
    const firmware = r.firmware?.slice(0, 80) ?? last.firmware
    const turned = last.state !== r.state
    const news = turned || last.detail !== detail || last.firmware !== firmware
    const since = turned ? instant(this.#clock.now()) : last.since
    const health = { ...last, state: r.state, since, detail, firmware, badFrames: r.badFrames }
    this.#devices.set(device, health)
    if (news) this.#changed(health)
  }

  /** The driver of these devices has died: nothing is known of them until it is back. */
  lost(devices: readonly string[], detail: string) {
    for (const id of devices) {
      const last = this.#devices.get(id)
      if (last) this.report(id, { ...last, state: 'offline', detail })
    }
  }

  all(): DeviceHealth[] {
    return [...this.#devices.values()]
  }
}
