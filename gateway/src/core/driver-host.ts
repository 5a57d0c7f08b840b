import { Worker } from 'node:worker_threads'
import { type Clock, type Device, millis, type Timer } from '@lantai/contracts'
import type { DriverEvent, ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import type { Logger } from './log.ts'
import { workerUrl } from './worker-url.ts'

export interface DriverHostDeps {
  clock: Clock
  log: Logger
  event(event: DriverEvent): void
  /** The driver of these devices has died; it will be started again. */
  lost(devices: string[], detail: string): void
}

const firstBackoffMs = 500
const lastBackoffMs = 5000
const healthyMs = 10_000
const memory = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 }

/**
 * Runs all devices of one protocol in a worker with a memory cap, so that a bad device takes neither the
 * outbox nor the interlock down, and starts it again when it dies (G5).
 */
export class DriverHost {
  readonly #setup: DriverSetup
  readonly #deps: DriverHostDeps
  readonly #worker: URL
  readonly #answers = new Map<number, (answer: ShelvingAnswer) => void>()
  #running: Worker | null = null
  #retry: Timer | null = null
  #failures = 0
  #startedAt = 0
  #nextId = 1
  #stopping = false
  restarts = 0

  constructor(
    setup: DriverSetup,
    deps: DriverHostDeps,
    worker: URL = new URL('./driver-worker.ts', import.meta.url),
  ) {
    this.#setup = setup
    this.#deps = deps
    this.#worker = worker
  }

  start() {
    const { url, execArgv } = workerUrl(this.#worker)
    const worker = new Worker(url, {
      workerData: this.#setup,
      execArgv,
      name: this.#setup.driver,
      resourceLimits: memory,
    })
    this.#running = worker
    this.#startedAt = this.#deps.clock.mono()
    let why = 'driver ended'
    worker.on('message', (m: FromDriver) => this.#hear(m))
    worker.on('error', (error: Error) => {
      why = `driver failed: ${error.message}`.slice(0, 200)
      this.#deps.log.error({ err: error, driver: this.#setup.driver }, 'driver worker failed')
    })
    worker.on('exit', () => this.#ended(worker, why))
  }

  /** Hands a request to the driver, unless it cannot get there in time; never queued for later (S5). */
  request(
    device: string,
    request: ShelvingRequest,
    withinMs: number | null,
  ): Promise<ShelvingAnswer> {
    const worker = this.#running
    if (!worker) return Promise.resolve('link-lost')
    const id = this.#nextId++
    const notAfterNs =
      withinMs === null ? null : process.hrtime.bigint() + BigInt(Math.round(withinMs * 1e6))
    return new Promise((resolve) => {
      this.#answers.set(id, resolve)
      const message: ToDriver = { kind: 'request', id, device, request, notAfterNs }
      worker.postMessage(message)
    })
  }

  #hear(m: FromDriver) {
    if (m.kind === 'events') for (const e of m.events) this.#deps.event(e)
    if (m.kind !== 'answer') return
    this.#answers.get(m.id)?.(m.answer)
    this.#answers.delete(m.id)
  }

  #ended(worker: Worker, why: string) {
    if (this.#running !== worker) return
    this.#running = null
    // Whether the last requests got through is not known.
    for (const answer of this.#answers.values()) answer('link-lost')
    this.#answers.clear()
    if (this.#stopping) return
    this.#deps.lost(
      this.#setup.devices.map((d: Device) => d.id),
      why,
    )
    const healthy = this.#deps.clock.mono() - this.#startedAt >= healthyMs
    this.#failures = healthy ? 0 : this.#failures + 1
    this.restarts++
    const base = Math.min(lastBackoffMs, firstBackoffMs * 2 ** Math.max(0, this.#failures - 1))
    const wait = millis(base * (0.75 + Math.random() / 4))
    this.#retry = this.#deps.clock.after(wait, () => this.start())
  }

  async stop() {
    this.#stopping = true
    this.#retry?.cancel()
    const worker = this.#running
    if (!worker) return
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const message: ToDriver = { kind: 'stop' }
    worker.postMessage(message)
    const force = setTimeout(() => void worker.terminate(), 2000)
    await ended
    clearTimeout(force)
  }
}

/** One host per protocol of the device list. */
export function hostsOf(
  devices: readonly Device[],
  base: Pick<DriverSetup, 'logLevel' | 'gateway'>,
  deps: DriverHostDeps,
): Map<Device['driver'], DriverHost> {
  const kinds = [...new Set(devices.map((d) => d.driver))]
  return new Map(
    kinds.map((driver) => {
      const mine = devices.filter((d) => d.driver === driver)
      return [driver, new DriverHost({ ...base, driver, devices: mine }, deps)]
    }),
  )
}
