import { type Clock, type DeviceEntry, millis, type Timer } from '@lantai/contracts'
import type { DriverEvent, ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import { type DriverPeer, startPeer } from './driver-peer.ts'
import type { DriverSetup, FromDriver } from './driver-protocol.ts'
import type { Logger } from './log.ts'

export interface DriverHostDeps {
  clock: Clock
  log: Logger
  /** `ageMs`: since the driver read it; what lay in a queue is not fresh (S1). */
  event(event: DriverEvent, ageMs: number): void
  /** The driver of these devices has died; it will be started again. */
  lost(devices: string[], detail: string): void
}

const firstBackoffMs = 500
const lastBackoffMs = 5000
const healthyMs = 10_000
const stopWithinMs = 2000

/**
 * Runs drivers apart from the core, so that a bad device takes neither the outbox nor the interlock down,
 * and starts them again when they die (G5).
 */
export class DriverHost {
  readonly #setup: DriverSetup
  readonly #deps: DriverHostDeps
  readonly #file: URL | undefined
  readonly #answers = new Map<number, (answer: ShelvingAnswer) => void>()
  #peer: DriverPeer | null = null
  #retry: Timer | null = null
  #ended: (() => void) | null = null
  #failures = 0
  #startedAt = 0
  #nextId = 1
  #stopping = false
  restarts = 0

  constructor(setup: DriverSetup, deps: DriverHostDeps, file?: URL) {
    this.#setup = setup
    this.#deps = deps
    this.#file = file
  }

  start() {
    this.#startedAt = this.#deps.clock.mono()
    const events = {
      message: (m: FromDriver) => this.#hear(m),
      ended: (why: string) => this.#over(why.slice(0, 200)),
    }
    this.#peer = startPeer(this.#setup, events, this.#file)
  }

  /** Hands a request to the driver, unless it cannot get there in time; never queued for later (S5). */
  request(
    device: string,
    request: ShelvingRequest,
    withinMs: number | null,
  ): Promise<ShelvingAnswer> {
    const peer = this.#peer
    if (!peer) return Promise.resolve('link-lost')
    const id = this.#nextId++
    const notAfterNs =
      withinMs === null ? null : process.hrtime.bigint() + BigInt(Math.round(withinMs * 1e6))
    return new Promise((resolve) => {
      this.#answers.set(id, resolve)
      peer.post({ kind: 'request', id, device, request, notAfterNs })
    })
  }

  #hear(m: FromDriver) {
    if (m.kind === 'events') {
      const ageMs = Math.max(0, Number(process.hrtime.bigint() - m.atNs) / 1e6)
      for (const e of m.events) this.#deps.event(e, ageMs)
    }
    if (m.kind !== 'answer') return
    this.#answers.get(m.id)?.(m.answer)
    this.#answers.delete(m.id)
  }

  #over(why: string) {
    this.#peer = null
    // Whether the last requests got through is not known.
    for (const answer of this.#answers.values()) answer('link-lost')
    this.#answers.clear()
    this.#ended?.()
    if (this.#stopping) return
    this.#deps.log.error({ drivers: this.#setup.name, why }, 'driver died')
    this.#deps.lost(
      this.#setup.devices.map((d) => d.id),
      why,
    )
    const healthy = this.#deps.clock.mono() - this.#startedAt >= healthyMs
    this.#failures = healthy ? 1 : this.#failures + 1
    this.restarts++
    const base = Math.min(lastBackoffMs, firstBackoffMs * 2 ** (this.#failures - 1))
    const wait = millis(base * (0.75 + Math.random() / 4))
    this.#retry = this.#deps.clock.after(wait, () => this.start())
  }

  /** Asks the drivers to end, and ends them after two seconds. */
  async stop() {
    this.#stopping = true
    this.#retry?.cancel()
    const peer = this.#peer
    if (!peer) return
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve
    })
    peer.post({ kind: 'stop' })
    const force = this.#deps.clock.after(millis(stopWithinMs), () => peer.kill())
    await ended
    force.cancel()
  }
}

/**
 * The hosts of what is not disabled in a device list: one process for all, since each costs some 40 MB, or one per protocol where
 * that is affordable. Gives the host of each device by its id.
 */
export function hostsOf(
  devices: readonly DeviceEntry[],
  isolation: 'one' | 'protocol',
  base: Pick<DriverSetup, 'logLevel' | 'gateway' | 'dataDir'>,
  deps: DriverHostDeps,
): Map<string, DriverHost> {
  const groups = new Map<string, DeviceEntry[]>()
  const heapOf = new Map<string, number>()
  for (const d of devices) {
    if (d.disabled) continue
    const kind = driverKinds.get(d.driver)
    const own = kind?.process
    const name = own?.name ?? (isolation === 'one' ? 'drivers' : (kind?.family ?? d.driver))
    groups.set(name, [...(groups.get(name) ?? []), d])
    if (own) heapOf.set(name, own.heapMb)
  }
  const byDevice = new Map<string, DriverHost>()
  for (const [name, mine] of groups) {
    const heapMb = heapOf.get(name)
    const setup = { ...base, name, devices: mine, ...(heapMb ? { heapMb } : {}) }
    const host = new DriverHost(setup, deps)
    for (const d of mine) byDevice.set(d.id, host)
  }
  return byDevice
}
