import type { DeviceEntry } from '@lantai/contracts'
import type { IdentifyAnswer, ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import type { ConfigPlan } from './config-plan.ts'
import { DriverHost, type DriverHostDeps } from './driver-host.ts'
import type { DriverSetup } from './driver-protocol.ts'

/** Name of the process that a driver runs in: those that may share a port are never apart. */
export function processOf(driver: string, isolation: 'one' | 'protocol'): string {
  const kind = driverKinds.get(driver)
  return kind?.process?.name ?? (isolation === 'one' ? 'drivers' : (kind?.family ?? driver))
}

/**
 * Every driver that runs: one process for all, since each costs some 40 MB, or one per protocol where that is
 * affordable. A change of the list touches the devices that it is about and no other (G6).
 */
export class Drivers {
  readonly #isolation: 'one' | 'protocol'
  readonly #base: Pick<DriverSetup, 'logLevel' | 'gateway' | 'dataDir'>
  readonly #deps: DriverHostDeps
  readonly #hosts = new Map<string, DriverHost>()
  readonly #hostOf = new Map<string, DriverHost>()
  #ended = 0

  constructor(
    devices: readonly DeviceEntry[],
    isolation: 'one' | 'protocol',
    base: Pick<DriverSetup, 'logLevel' | 'gateway' | 'dataDir'>,
    deps: DriverHostDeps,
  ) {
    this.#isolation = isolation
    this.#base = base
    this.#deps = deps
    for (const [name, mine] of this.#grouped(devices)) this.#host(name).change([], mine)
    for (const d of devices) if (!d.disabled) this.#hostOf.set(d.id, this.#host(this.#nameOf(d)))
  }

  start() {
    for (const host of this.#hosts.values()) host.start()
  }
  async stop() {
    await Promise.all([...this.#hosts.values()].map((h) => h.stop()))
  }

  /** Deaths of driver processes that nobody asked for. */
  get restarts(): number {
    return [...this.#hosts.values()].reduce((n, h) => n + h.restarts, this.#ended)
  }

  /** Is there a driver of this device, be it on its way up? */
  has(device: string): boolean {
    return this.#hostOf.has(device)
  }

  async request(
    device: string,
    request: ShelvingRequest,
    withinMs: number | null,
  ): Promise<ShelvingAnswer> {
    return (await this.#hostOf.get(device)?.request(device, request, withinMs)) ?? 'link-lost'
  }

  async identify(device: string): Promise<IdentifyAnswer> {
    return (await this.#hostOf.get(device)?.identify(device)) ?? 'link-lost'
  }

  /** Ends what was removed or changed, starts what is new or changed. */
  apply(plan: Pick<ConfigPlan, 'stop' | 'start'>) {
    const starts = this.#grouped(plan.start)
    const stops = Map.groupBy(plan.stop, (id) => this.#hostOf.get(id))
    for (const id of plan.stop) this.#hostOf.delete(id)
    for (const [host, ids] of stops) {
      const name = [...this.#hosts].find(([, h]) => h === host)?.[0]
      host?.change(ids, (name && starts.get(name)) || [])
      if (name) starts.delete(name)
    }
    for (const [name, mine] of starts) this.#begin(name, mine)
    for (const d of plan.start) if (!d.disabled) this.#hostOf.set(d.id, this.#host(this.#nameOf(d)))
    this.#endEmpty()
  }

  #begin(name: string, mine: DeviceEntry[]) {
    const there = this.#hosts.has(name)
    const host = this.#host(name)
    host.change([], mine)
    if (!there) host.start()
  }

  /** A process without devices costs memory for nothing. */
  #endEmpty() {
    for (const [name, host] of this.#hosts) {
      if (host.devices.length > 0) continue
      this.#hosts.delete(name)
      this.#ended += host.restarts
      void host.stop()
    }
  }

  #grouped(devices: readonly DeviceEntry[]): Map<string, DeviceEntry[]> {
    return Map.groupBy(
      devices.filter((d) => !d.disabled),
      (d) => this.#nameOf(d),
    )
  }
  #nameOf(d: DeviceEntry): string {
    return processOf(d.driver, this.#isolation)
  }
  #host(name: string): DriverHost {
    const there = this.#hosts.get(name)
    if (there) return there
    const heapMb = [...driverKinds.values()].find((k) => k.process?.name === name)?.process?.heapMb
    const setup = { ...this.#base, name, devices: [], ...(heapMb ? { heapMb } : {}) }
    const host = new DriverHost(setup, this.#deps)
    this.#hosts.set(name, host)
    return host
  }
}
