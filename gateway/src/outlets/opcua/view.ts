import { type ChildProcess, fork } from 'node:child_process'
import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { Logger } from 'pino'
import { every } from '../../core/system-clock.ts'
import { workerUrl } from '../../core/worker-url.ts'
import { Backoff } from '../../drivers/link/backoff.ts'
import type { FromView, ToView, ViewDevice, ViewSetup } from './protocol.ts'

const tellEveryMs = 500
const stopWithinMs = 2000
const heapMb = 160

export interface ViewOptions {
  readonly setup: ViewSetup
  readonly clock: Clock
  readonly log: Logger
  random(): number
  sample(): readonly ViewDevice[]
}

/** Keeps the process of the view alive and tells it twice a second what is known. */
export class OpcUaView {
  readonly #o: ViewOptions
  readonly #backoff: Backoff
  #child: ChildProcess | null = null
  #timer: Timer | null = null
  #retry: Timer | null = null
  #stopping = false
  #ready: (port: number) => void = () => undefined
  /** Resolves with the port when it first listens. */
  readonly listening: Promise<number>

  constructor(options: ViewOptions) {
    this.#o = options
    this.#backoff = new Backoff(options.clock, options.random)
    this.listening = new Promise((resolve) => {
      this.#ready = resolve
    })
  }

  start() {
    const { url, execArgv } = workerUrl(new URL('./process.ts', import.meta.url))
    const limits = [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=1']
    const child = fork(url, [], { execArgv: [...execArgv, ...limits], serialization: 'advanced' })
    this.#child = child
    child.on('message', (m) => this.#hear(m as FromView))
    child.on('error', (err) => this.#o.log.error({ err }, 'OPC UA view failed'))
    child.on('exit', (code, signal) => this.#ended(signal ?? code))
    this.#post({ kind: 'setup', setup: this.#o.setup })
  }

  #hear({ port }: FromView) {
    this.#backoff.up()
    this.#o.log.info({ port }, 'OPC UA view listens')
    this.#ready(port)
    const tell = () => this.#post({ kind: 'samples', devices: this.#o.sample() })
    tell()
    this.#timer = every(this.#o.clock, millis(tellEveryMs), tell)
  }

  #ended(why: unknown) {
    this.#timer?.cancel()
    this.#child = null
    if (this.#stopping) return
    this.#o.log.error({ why }, 'OPC UA view ended')
    this.#retry = this.#o.clock.after(this.#backoff.next(), () => this.start())
  }

  #post(message: ToView) {
    if (this.#child?.connected) this.#child.send(message)
  }

  async stop() {
    this.#stopping = true
    this.#retry?.cancel()
    this.#timer?.cancel()
    const child = this.#child
    if (!child) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    this.#post({ kind: 'stop' })
    const force = this.#o.clock.after(millis(stopWithinMs), () => child.kill('SIGKILL'))
    await ended
    force.cancel()
  }
}
