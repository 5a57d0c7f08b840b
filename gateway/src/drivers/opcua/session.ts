import { type Clock, type Millis, millis } from '@lantai/contracts'
import {
  AttributeIds,
  type CallMethodRequestLike,
  type CallMethodResult,
  type ClientSession,
  type DataValue,
  type StatusCode,
  TimestampsToReturn,
  type WriteValueOptions,
} from 'node-opcua-client'
import type { Connection } from '../link/connection.ts'

const answerWithinMs = 800

/** One session with a server, from its first answer to its end. No call waits longer than its deadline. */
export class OpcUaSession {
  readonly raw: ClientSession
  readonly #connection: Connection
  readonly #clock: Clock

  readonly #explain: ((text: string) => void) | undefined
  readonly #explained = new Set<string>()

  /** `explain` is told how the first of each kind of call went. */
  constructor(
    raw: ClientSession,
    connection: Connection,
    clock: Clock,
    explain?: (text: string) => void,
  ) {
    this.#explain = explain
    this.raw = raw
    this.#connection = connection
    this.#clock = clock
  }

  get alive() {
    return this.#connection.alive
  }
  end(reason: string) {
    this.#connection.end(reason)
  }
  ended(): Promise<void> {
    return this.#connection.ended()
  }
  pause(delay: Millis): Promise<void> {
    return this.#connection.pause(delay)
  }

  /** The values as they are now, not from the server's cache; null when the session ended instead. */
  async read(nodes: readonly string[], withinMs = answerWithinMs): Promise<DataValue[] | null> {
    const nodesToRead = nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }))
    const values = await this.within('read', this.raw.read(nodesToRead, 0), withinMs)
    if (values && values.length !== nodes.length) this.end('the server answered another question')
    return values?.length === nodes.length ? values : null
  }
  call(request: CallMethodRequestLike): Promise<CallMethodResult | null> {
    return this.within('call', this.raw.call(request), answerWithinMs)
  }
  async write(value: WriteValueOptions): Promise<StatusCode | null> {
    return this.within('write', this.raw.write(value), answerWithinMs)
  }

  #answered(what: string, afterMs: number) {
    if (this.#explained.has(what)) return
    this.#explained.add(what)
    this.#explain?.(`${what}: answered in ${Math.round(afterMs)} ms`)
  }

  /** Null when the answer did not come in time or was an error; the session has ended then. */
  within<T>(what: string, answer: Promise<T>, ms: number): Promise<T | null> {
    return new Promise((resolve) => {
      const askedAt = this.#clock.mono()
      const over = (reason: string) => {
        this.#explain?.(reason)
        this.end(reason)
        resolve(null)
      }
      const timer = this.#clock.after(millis(ms), () => over(`no answer to a ${what}`))
      const forget = this.#connection.onEnd(() => {
        timer.cancel()
        resolve(null)
      })
      answer.then(
        (value) => {
          timer.cancel()
          forget()
          this.#answered(what, this.#clock.mono() - askedAt)
          resolve(this.alive ? value : null)
        },
        (error: unknown) => {
          timer.cancel()
          over(`${what} failed: ${error instanceof Error ? error.message : String(error)}`)
        },
      )
    })
  }
}

/** As both sides' times are asked for with every monitored value. */
export const bothTimes = TimestampsToReturn.Both
