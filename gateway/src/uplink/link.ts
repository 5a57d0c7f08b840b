import { readFileSync } from 'node:fs'
import { type Clock, millis, type Timer } from '@lantai/contracts'
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt'
import type { Logger } from '../core/log.ts'

export interface LinkOptions {
  url: string
  clientId: string
  tls: { ca: string; cert: string; key: string }
  subscribe: string[]
  /** Body of the will for the connection of this number. */
  will(conn: number): { topic: string; payload: string }
}
export interface LinkEvents {
  up(conn: number): void
  down(): void
  message(topic: string, payload: Buffer, retained: boolean): void
}

const firstBackoffMs = 500
const lastBackoffMs = 5000
const healthyMs = 10_000

/**
 * One MQTT 3.1.1 connection after another, each with a client of its own: the library's queue and its
 * in-memory store must never stand for ours (D2, D8), and each will names its connection.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #clock: Clock
  readonly #log: Logger
  #client: MqttClient | null = null
  #up = false
  #conn = 0
  #failures = 0
  #retry: Timer | null = null
  #stopped = false

  constructor(options: LinkOptions, events: LinkEvents, clock: Clock, log: Logger) {
    this.#options = options
    this.#events = events
    this.#clock = clock
    this.#log = log
  }

  get up() {
    return this.#up
  }
  get conn() {
    return this.#conn
  }

  start() {
    if (this.#stopped) return
    const conn = ++this.#conn
    const startedAt = this.#clock.mono()
    const client = this.#connect(conn)
    if (!client) return this.#again(false)
    this.#client = client
    client.on('connect', () => this.#subscribe(client, conn))
    client.on('message', (topic: string, payload: Buffer, packet: IPublishPacket) => {
      if (client === this.#client) this.#events.message(topic, payload, packet.retain)
    })
    client.on('error', (error) => this.#log.warn({ err: error, conn }, 'mqtt'))
    client.on('close', () => this.#lost(client, startedAt))
  }

  /** null where its certificate cannot be read: it is being renewed. */
  #connect(conn: number): MqttClient | null {
    try {
      return mqtt.connect(this.#options.url, this.#settings(conn))
    } catch (error) {
      this.#log.error({ err: error, conn }, 'mqtt')
      return null
    }
  }

  #settings(conn: number): IClientOptions {
    const { clientId, tls, will } = this.#options
    return {
      clientId,
      // Read anew each time: a renewed certificate is used without a restart.
      ca: readFileSync(tls.ca),
      cert: readFileSync(tls.cert),
      key: readFileSync(tls.key),
      rejectUnauthorized: true,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      keepalive: 5,
      queueQoSZero: false,
      // Two bytes of each of 65,536 numbers, made beforehand: 8 MB in every process with a client.
      writeCache: false,
      will: { ...will(conn), payload: Buffer.from(will(conn).payload), qos: 1, retain: true },
    }
  }

  #subscribe(client: MqttClient, conn: number) {
    client.subscribe(this.#options.subscribe, { qos: 1 }, (error, granted) => {
      if (client !== this.#client) return
      const denied = error !== null || (granted ?? []).some((g) => (g.qos as number) === 128)
      if (denied) {
        this.#log.error({ err: error }, 'the broker refused our subscriptions')
        client.end(true)
        return
      }
      this.#up = true
      this.#log.info({ conn }, 'link up')
      this.#events.up(conn)
    })
  }

  #lost(client: MqttClient, startedAt: number) {
    if (client !== this.#client) return
    this.#client = null
    client.end(true)
    const was = this.#up
    this.#up = false
    if (was) {
      this.#log.warn('link down')
      this.#events.down()
    }
    if (this.#stopped) return
    this.#again(was && this.#clock.mono() - startedAt >= healthyMs)
  }

  /** Tries anew, after a wait that grows with every failure. */
  #again(healthy: boolean) {
    this.#failures = healthy ? 0 : this.#failures + 1
    const base = Math.min(lastBackoffMs, firstBackoffMs * 2 ** Math.max(0, this.#failures - 1))
    const wait = millis(base * (0.75 + Math.random() / 4))
    this.#retry = this.#clock.after(wait, () => this.start())
  }

  /** Gives a message to the connection of now; without one it is dropped here, since its record is on disk. */
  publish(topic: string, payload: string, qos: 0 | 1, retain = false) {
    if (!this.#up || !this.#client) return
    this.#client.publish(topic, payload, { qos, retain }, (error) => {
      // A PUBACK means nothing (D8); a failure shows as a missing ack.
      if (error) this.#log.debug({ err: error, topic }, 'publish failed')
    })
  }

  /** Gives this connection up and makes another. */
  renew(why: string) {
    this.#log.warn({ conn: this.#conn, why }, 'link given up')
    this.#client?.end(true)
  }

  /** Says goodbye and ends; waits for it at most a second. */
  async stop(farewell: { topic: string; payload: string }) {
    this.#stopped = true
    this.#retry?.cancel()
    const client = this.#client
    if (!client) return
    if (this.#up)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000)
        client.publish(farewell.topic, farewell.payload, { qos: 1, retain: true }, () => {
          clearTimeout(timer)
          resolve()
        })
      })
    this.#up = false
    await client.endAsync(true)
  }
}
