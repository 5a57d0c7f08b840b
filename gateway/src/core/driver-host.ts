import { type Clock, type DeviceEntry, millis, type Timer } from '@lantai/contracts'
import type {
  DriverEvent,
  IdentifyAnswer,
  ShelvingAnswer,
  ShelvingRequest,
} from '../drivers/driver.ts'
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
  #setup: DriverSetup
  readonly #deps: DriverHostDeps
  readonly #file: URL | undefined
  readonly #answers = new Map<number, (answer: ShelvingAnswer) => void>()
  readonly #identified = new Map<number, (answer: IdentifyAnswer) => void>()
  /** Changes that the process has not confirmed, and the devices that they are about. */
  readonly #changes = new Map<number, Set<string>>()
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

  /** Asks a device to show which one it is. */
  identify(device: string): Promise<IdentifyAnswer> {
    const peer = this.#peer
    if (!peer) return Promise.resolve('link-lost')
    const id = this.#nextId++
    return new Promise((resolve) => {
      this.#identified.set(id, resolve)
      peer.post({ kind: 'identify', id, device })
    })
  }

  /** Ends the drivers of `remove` and starts those of `add`; the others of this process notice nothing (G6). */
  change(remove: readonly string[], add: readonly DeviceEntry[]) {
    const left = this.#setup.devices.filter((d) => !remove.includes(d.id))
    this.#setup = { ...this.#setup, devices: [...left, ...add] }
    // A process that is not there is started with the new list anyway.
    if (!this.#peer) return
    const id = this.#nextId++
    this.#changes.set(id, new Set([...remove, ...add.map((d) => d.id)]))
    this.#peer.post({ kind: 'change', id, remove: [...remove], add: [...add] })
  }

  get devices(): readonly DeviceEntry[] {
    return this.#setup.devices
  }

  #hear(m: FromDriver) {
    switch (m.kind) {
      case 'events':
        return this.#events(m)
      case 'changed':
        return void this.#changes.delete(m.id)
      case 'answer':
        this.#answers.get(m.id)?.(m.answer)
        return void this.#answers.delete(m.id)
      case 'identified':
        this.#identified.get(m.id)?.(m.answer)
        return void this.#identified.delete(m.id)
    }
  }

  #events(m: Extract<FromDriver, { kind: 'events' }>) {
    const ageMs = Math.max(0, Number(process.hrtime.bigint() - m.atNs) / 1e6)
    // What the old driver of a device still said is not said by the new one.
    const old = (device: string) => [...this.#changes.values()].some((c) => c.has(device))
    for (const e of m.events) if (!old(e.device)) this.#deps.event(e, ageMs)
  }

  #over(why: string) {
    this.#peer = null
    // Whether the last requests got through is not known.
    for (const answer of this.#answers.values()) answer('link-lost')
    this.#answers.clear()
    for (const answer of this.#identified.values()) answer('link-lost')
    this.#identified.clear()
    this.#changes.clear()
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
