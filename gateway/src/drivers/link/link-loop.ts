import { type Clock, type Millis, seconds } from '@lantai/contracts'
import { Backoff } from './backoff.ts'
import type { ByteLink, OpenLink } from './byte-link.ts'
import { Connection } from './connection.ts'

/** A peer that accepts nothing and refuses nothing is given up after this. */
const connectWithin = seconds(5)

export interface Wait {
  waitMs?: Millis
  atLeastMs?: Millis
}

export interface LinkLoopOptions {
  clock: Clock
  open: OpenLink
  random(): number
  /**
   * Owns the connection until it resolves; it must resolve soon after the connection ends. `up` says that the
   * peer answered as it should. The result may name a wait in place of the backoff, or the least of it.
   */
  serve(connection: Connection, up: () => void): Promise<Wait>
  /** After every try that failed and every connection that ended, but not after `stop()`. */
  down(reason: string): void
}

/** Keeps one connection at a time to a peer, for ever (G5). */
export class LinkLoop {
  readonly #options: LinkLoopOptions
  readonly #backoff: Backoff
  #stopped = false
  #running: Promise<void> | null = null
  #connection: Connection | null = null
  #wake: () => void = () => undefined

  constructor(options: LinkLoopOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.clock, options.random)
  }

  start() {
    this.#running ??= this.#run()
  }

  /** Ends the connection and the loop; resolves when the port is free. */
  async stop() {
    this.#stopped = true
    this.#connection?.end('stopped')
    this.#wake()
    await this.#running
  }

  async #run() {
    const { clock } = this.#options
    while (!this.#stopped) {
      const startedAt = clock.mono()
      const { reason, wait } = await this.#once()
      if (this.#stopped) return
      this.#options.down(reason)
      const spentMs = clock.mono() - startedAt
      await this.#pause(wait.waitMs ?? this.#backoff.next(wait.atLeastMs, spentMs))
    }
  }

  async #once(): Promise<{ reason: string; wait: Wait }> {
    const { link, connection } = await this.#connect()
    if (!connection.alive) {
      await link.close()
      return { reason: connection.endReason ?? 'not connected', wait: {} }
    }
    try {
      const wait = await this.#options.serve(connection, () => this.#backoff.up())
      connection.end('finished')
      return { reason: connection.endReason ?? 'finished', wait }
    } finally {
      connection.end('failed')
      await link.close()
    }
  }

  async #connect(): Promise<{ link: ByteLink; connection: Connection }> {
    const { clock, open } = this.#options
    let opened: () => void = () => undefined
    const ready = new Promise<void>((resolve) => {
      opened = resolve
    })
    // The handlers may be called before `open` has returned the link, so the connection asks for it late.
    let link: ByteLink | null = null
    const connection = new Connection(clock, (bytes) => link?.write(bytes))
    this.#connection = connection
    link = open({
      opened: () => opened(),
      data: (chunk) => connection.receive(chunk),
      closed: (reason) => connection.end(reason),
    })
    const deadline = clock.after(connectWithin, () =>
      connection.end('no connection within 5 seconds'),
    )
    const forget = connection.onEnd(opened)
    await ready
    forget()
    deadline.cancel()
    return { link, connection }
  }

  #pause(delay: Millis): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(delay, resolve)
      this.#wake = () => {
        timer.cancel()
        resolve()
      }
    })
  }
}
