/** Listens to what the gateways say about their backlog, so that tests can wait for quiet instead of sleeping. */
import { readFileSync } from 'node:fs'
import { parseTopic, Tick as TickBody } from '@lantai/contracts'
import { connectAsync, type MqttClient } from 'mqtt'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'

export interface ObserverOptions {
  readonly url: string
  readonly site: string
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
}

type Tick = Static<typeof TickBody>

/** True when nothing waits in any lane: all that was stored at the gateway has its effect in the database. */
const isQuiet = (tick: Tick) => Object.values(tick.backlog).every((n) => n === 0)

export class Observer implements AsyncDisposable {
  readonly #client: MqttClient
  readonly #listeners = new Set<(tick: Tick, gateway: string) => void>()

  private constructor(client: MqttClient) {
    this.#client = client
    client.on('message', (topic, payload) => this.#hear(topic, payload))
  }

  static async connect(options: ObserverOptions): Promise<Observer> {
    const client = await connectAsync(options.url, {
      clientId: 'observer',
      ca: readFileSync(options.files.ca),
      cert: readFileSync(options.files.cert),
      key: readFileSync(options.files.key),
      reconnectPeriod: 200,
    })
    const observer = new Observer(client)
    await client.subscribeAsync(`lantai/v1/${options.site}/+/tick`)
    return observer
  }

  /** Resolves after `ticks` ticks in a row that say that nothing waits; they come once a second. */
  quiet(ticks: number, watchdogMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let inARow = 0
    let last: Tick | undefined
    const listener = (tick: Tick) => {
      last = tick
      inARow = isQuiet(tick) ? inARow + 1 : 0
      if (inARow >= ticks) resolve()
    }
    const watchdog = setTimeout(
      () =>
        reject(new Error(`not quiet after ${watchdogMs} ms; last tick ${JSON.stringify(last)}`)),
      watchdogMs,
    )
    this.#listeners.add(listener)
    return promise.finally(() => {
      clearTimeout(watchdog)
      this.#listeners.delete(listener)
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.endAsync(true)
  }

  #hear(topic: string, payload: Buffer) {
    const gateway = parseTopic(topic)?.gateway
    const tick: unknown = JSON.parse(payload.toString())
    if (gateway && Check(TickBody, tick)) for (const l of this.#listeners) l(tick, gateway)
  }
}
