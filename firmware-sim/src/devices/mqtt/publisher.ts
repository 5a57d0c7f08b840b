/** A device's own connection to a broker. What it cannot send at once it loses, as a reader with a full buffer does. */
import mqtt, { type MqttClient } from 'mqtt'
import { nearHost } from '../listen-host.ts'

export interface PublisherOptions {
  readonly port: number
  readonly clientId: string
  /** Said by the broker when the device is gone. */
  readonly will: { readonly topic: string; readonly payload: string }
  /** After each connection. */
  connected(): void
}

/** More than this unacknowledged, and the device drops what comes. */
const inFlightLimit = 200

export class Publisher {
  readonly #client: MqttClient
  #inFlight = 0
  /** Messages that were dropped. */
  lost = 0
  sent = 0

  constructor({ port, clientId, will, connected }: PublisherOptions) {
    this.#client = mqtt.connect({
      host: nearHost(),
      port,
      protocol: 'mqtt',
      clientId,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 500,
      connectTimeout: 2_000,
      keepalive: 10,
      queueQoSZero: false,
      will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true },
    })
    this.#client.on('connect', connected)
    // The next try says it again; a device has nobody to tell.
    this.#client.on('error', () => undefined)
  }

  get up(): boolean {
    return this.#client.connected
  }

  /** Returns whether it was handed over. */
  say(topic: string, payload: string | Uint8Array, retain = false): boolean {
    if (!this.up || this.#inFlight >= inFlightLimit) {
      this.lost += 1
      return false
    }
    this.#inFlight += 1
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload)
    this.#client.publish(topic, bytes, { qos: 1, retain }, () => {
      this.#inFlight -= 1
    })
    this.sent += 1
    return true
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true)
  }
}
