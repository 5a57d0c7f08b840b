import type { Clock } from '@lantai/contracts'
import { Refusal } from '../refusal.ts'
import { Backoff } from './backoff.ts'
import { EndedEarly } from './node-process.ts'
import { describeEnding, type Ending, pause, type Running, type Unit } from './running.ts'

/** What a keeper tells the supervisor. */
export interface KeeperEvents {
  ended(name: string, ending: Ending, restartInMs: number): void
  up(name: string, pid: number): void
}

/** Before the first readiness this many deaths make the start fail, since something is wrong for good. */
const earlyDeaths = 3

/**
 * Keeps one process alive: starts it, waits until it is ready, starts it again when it dies, ends it cleanly.
 * It never gives up on a process that has been ready once (rule D9).
 */
export class Keeper<T> {
  readonly name: string
  readonly #unit: Unit<T>
  readonly #clock: Clock
  readonly #events: KeeperEvents
  readonly #stopping = new AbortController()
  readonly #backoff = new Backoff()
  #current: Running<T> | undefined
  #up = Promise.withResolvers<T>()
  #everReady = false
  #starts = 0
  #loop: Promise<void> | undefined
  /** Settled when the next life may begin. */
  #mayBegin: Promise<void> = Promise.resolve()

  constructor(unit: Unit<T>, clock: Clock, events: KeeperEvents) {
    this.name = unit.name
    this.#unit = unit
    this.#clock = clock
    this.#events = events
    this.#up.promise.catch(() => undefined)
  }

  /** Starts keeping; resolves with what the process says when it is ready for the first time. */
  start(): Promise<T> {
    this.#loop ??= this.#keep()
    return this.#up.promise
  }

  /** What the process says of itself, now or as soon as it is ready again. */
  ready(): Promise<T> {
    return this.#up.promise
  }

  get pid(): number | undefined {
    return this.#current?.pid
  }
  /** How often it was started. */
  get starts(): number {
    return this.#starts
  }

  /** Ends this life as a crash would; it is started again. Resolves when it is dead. */
  async kill(): Promise<void> {
    const victim = this.#current
    if (!victim) return
    victim.kill()
    await victim.ended
  }

  /** Ends this life as a crash would, and lets no other begin until the answer is disposed. */
  async hold(): Promise<Disposable> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true })
    this.#mayBegin = promise
    await this.kill()
    return { [Symbol.dispose]: resolve }
  }

  /** Ends this life cleanly; it is started again. Resolves when it is ready again. */
  async restart(): Promise<T> {
    await this.#end(this.#current)
    return this.ready()
  }

  /** Ends it for good: asks, waits, then kills. Never throws. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#end(this.#current)
    await this.#loop
  }

  async #end(running: Running<T> | undefined) {
    if (!running) return
    running.stop()
    const patience = this.#clock.after(this.#unit.stopWithin, () => running.kill())
    await running.ended
    patience.cancel()
  }

  async #keep() {
    let deaths = 0
    while (!this.#stopping.signal.aborted) {
      const began = this.#clock.mono()
      const ending = await this.#life()
      this.#current = undefined
      if (!ending || this.#stopping.signal.aborted) break
      if (!this.#everReady && (++deaths >= earlyDeaths || ending.code === 78)) {
        this.#up.reject(this.#startFailed(ending))
        return
      }
      const delay = this.#backoff.next(this.#clock.mono() - began)
      this.#events.ended(this.name, ending, delay)
      await pause(this.#clock, delay, this.#stopping.signal)
      await this.#mayBegin
    }
    this.#up.reject(new Refusal(`${this.name} 已停止`, `${this.name} was stopped`))
  }

  /** One life, from launch to end. Undefined when it could not even be launched. */
  async #life(): Promise<Ending | undefined> {
    try {
      const running = await this.#unit.launch()
      this.#current = running
      this.#starts += 1
      // Asked to stop while it was being launched: nobody else holds this process yet.
      if (this.#stopping.signal.aborted) running.stop()
      running.ready.then((says) => this.#isUp(says, running.pid), ignoreEarlyEnd)
      const ending = await running.ended
      if (this.#everReady) this.#renewUp()
      return ending
    } catch (error) {
      if (this.#everReady && !this.#stopping.signal.aborted)
        return {
          code: null,
          signal: null,
          tail: error instanceof Error ? error.message : 'unknown',
        }
      this.#up.reject(error)
      return undefined
    }
  }

  #isUp(says: T, pid: number) {
    this.#everReady = true
    this.#events.up(this.name, pid)
    this.#up.resolve(says)
  }

  /** From now on `ready()` waits for the next life. */
  #renewUp() {
    this.#up = Promise.withResolvers<T>()
    this.#up.promise.catch(() => undefined)
  }

  #startFailed(ending: Ending): Refusal {
    const last = ending.tail ? `\n${ending.tail}` : ''
    return new Refusal(
      `${this.name} 无法启动（${describeEnding(ending)}）`,
      `${this.name} could not be started (${describeEnding(ending)})${last}`,
    )
  }
}

/** `ended` tells the same, and the loop acts on it. */
function ignoreEarlyEnd(error: unknown) {
  if (!(error instanceof EndedEarly)) throw error
}
