/** Starts one device as a worker, hears its state, talks to it, and starts it again when it dies. */
import { Worker } from 'node:worker_threads'
import { type Clock, millis } from '@lantai/contracts'
import type { Logger } from 'pino'
import type { DeviceSpec, DeviceState, FromDevice, ToDevice } from './messages.ts'

const restartMs = 500
/** A device that leaks ends by itself and is started again; the small young space keeps eight of them cheap. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 }

export interface HostOptions {
  readonly id: string
  readonly clock: Clock
  readonly log: Logger
  /** Asked at every start, so that a restarted device finds the steel where it stands. */
  readonly spec: () => DeviceSpec
  readonly onReady: (ready: { port?: number; path?: string }) => void
  readonly onState: (state: DeviceState) => void
  readonly onDown: () => void
}

/** The device does not run just now. */
export class DeviceDown extends Error {}

export class DeviceHost {
  readonly #o: HostOptions
  #worker: Worker | null = null
  #stopping = false
  #downMs = restartMs
  #hasPty = false
  #nextId = 1
  readonly #waiting = new Map<number, { resolve: () => void; reject: (e: Error) => void }>()
  state: DeviceState | null = null
  starts = 0

  constructor(options: HostOptions) {
    this.#o = options
  }

  get id(): string {
    return this.#o.id
  }
  get up(): boolean {
    return this.#worker !== null
  }

  /** Resolves when the device listens; rejects when it ends before. */
  start(): Promise<void> {
    const spec = this.#o.spec()
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const file = new URL(`./${spec.kind}/worker.${extension}`, import.meta.url)
    const worker = new Worker(file, { workerData: spec, name: this.#o.id, resourceLimits })
    this.starts++
    let cause: unknown
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromDevice) => {
        if (message.type === 'ready') {
          this.#worker = worker
          this.#hasPty = Boolean(message.path)
          this.#o.onReady(message)
          resolve()
        } else this.#hear(message)
      })
      worker.on('error', (err) => {
        cause = err
        this.#o.log.error({ err, device: this.#o.id }, 'device failed')
      })
      worker.on('exit', (code) => {
        reject(new DeviceDown(`${this.#o.id} ended with ${code} before it listened`, { cause }))
        this.#ended()
      })
    })
  }

  /** Resolves when the device has taken the message to heart. */
  send(message: ToDevice): Promise<void> {
    const worker = this.#worker
    if (!worker) return Promise.reject(new DeviceDown(`${this.#o.id} is down`))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      worker.postMessage({ id, message })
    })
  }

  /** Ends it without a word, as a power cut would; it starts again by itself after `downMs`. */
  async kill(downMs: number): Promise<void> {
    this.#downMs = downMs
    const worker = this.#worker
    if (!worker) return
    if (!this.#hasPty) {
      await worker.terminate()
      return
    }
    // The child that holds a pty open keeps a terminated worker from ending, and its end, told to a worker that is
    // gone already, aborts the process. So the pty is closed first, which is all that the wire hears of it.
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage({ id: 0, message: { type: 'stop' } satisfies ToDevice })
    await gone
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stopping = true
    const worker = this.#worker
    if (!worker) return
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.postMessage({ id: 0, message: { type: 'stop' } satisfies ToDevice })
    const timer = this.#o.clock.after(millis(2000), () => void worker.terminate())
    await gone
    timer.cancel()
  }

  #hear(message: Exclude<FromDevice, { type: 'ready' }>): void {
    if (message.type === 'state') {
      this.state = message.state
      this.#o.onState(message.state)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error === undefined) waiting?.resolve()
    else waiting?.reject(new Error(message.error))
  }

  #ended(): void {
    this.#worker = null
    for (const w of this.#waiting.values()) w.reject(new DeviceDown(`${this.#o.id} went down`))
    this.#waiting.clear()
    this.#o.onDown()
    if (this.#stopping) return
    this.#o.clock.after(millis(this.#downMs), () => {
      if (this.#stopping) return
      this.#downMs = restartMs
      // A start that fails ends in 'exit', which brings us here again.
      this.start().catch((err: unknown) => this.#o.log.warn({ err }, 'device did not start'))
    })
  }
}
