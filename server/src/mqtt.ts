import { readFile } from 'node:fs/promises'
import { type Clock, canaryTopic, serverTopics } from '@lantai/contracts'
import mqtt, { type MqttClient } from 'mqtt'
import type { ServerConfig } from './config.ts'
import type { Publisher } from './downlink/downlink.ts'
import { every } from './every.ts'
import type { Logger } from './log.ts'
import { Canary, canaryEvery } from './uplink/canary.ts'

export interface Broker extends Publisher {
  /** Takes every message of our topics, one at a time; a rejection is logged. Subscribes on each connection. */
  start(onMessage: (topic: string, payload: Buffer) => Promise<void> | void): void
  end(): Promise<void>
}

/** One mutual-TLS connection, clean session: nothing depends on the broker's memory (rule D19). */
export async function connectBroker(
  config: Pick<ServerConfig, 'MQTT_URL' | 'MQTT_CA' | 'MQTT_CERT' | 'MQTT_KEY' | 'LANTAI_SITE'>,
  log: Logger,
  clock: Clock,
): Promise<Broker> {
  const ca = await readFile(config.MQTT_CA)
  const cert = await readFile(config.MQTT_CERT)
  const key = await readFile(config.MQTT_KEY)
  const client = mqtt.connect(config.MQTT_URL, {
    ...{ ca, cert, key },
    clientId: 'server',
    clean: true,
    protocolVersion: 4,
    keepalive: 10,
    reconnectPeriod: 500,
    connectTimeout: 5_000,
    // A message that could not be sent at once is worth nothing later; the gateway asks again.
    queueQoSZero: false,
    resubscribe: false,
    manualConnect: true,
  })
  const canary = new Canary(clock)
  const ownTopic = canaryTopic(config.LANTAI_SITE)
  const sing = async () => {
    const { song, silent } = canary.look(client.connected)
    if (silent) {
      log.warn('the broker carries nothing; connecting anew')
      // A graceful end would wait for answers that never come; the client connects again by itself.
      client.stream.destroy()
    } else if (song) await publish(client, ownTopic, song)
  }
  const stop = every({ clock, log }, canaryEvery, sing)
  client.on('error', (err) => log.warn({ err }, 'broker'))
  client.on('close', () => log.debug('broker connection closed'))
  return {
    get connected() {
      return client.connected
    },
    get carries() {
      return client.connected && canary.carries
    },
    publish: (topic, text) => publish(client, topic, text),
    start: (onMessage) => {
      client.on('connect', () => subscribe(client, config.LANTAI_SITE, log, sing))
      client.on('message', (topic, payload) => {
        if (topic === ownTopic) return canary.hear(payload.toString())
        Promise.resolve(onMessage(topic, payload)).catch((err: unknown) =>
          log.error({ err, topic }, 'message'),
        )
      })
      client.connect()
    },
    end: async () => {
      stop()
      await client.endAsync(true)
    },
  }
}

function subscribe(client: MqttClient, site: string, log: Logger, then: () => Promise<void>) {
  client.subscribe(serverTopics(site), { qos: 1 }, (err, granted) => {
    const refused = granted?.filter((g) => g.qos > 2) ?? []
    if (!err && refused.length === 0) {
      log.info('connected to the broker')
      then().catch((error: unknown) => log.warn({ err: error }, 'canary'))
      return
    }
    log.error({ err, refused }, 'the broker refused our subscriptions')
    client.reconnect()
  })
}

// Settles with the PUBACK, which means nothing but that the broker took it (rule D8). Never queued while away:
// a late command must not exist (rule S5).
async function publish(client: MqttClient, topic: string, text: string) {
  if (!client.connected) throw new Error('the broker is away')
  await client.publishAsync(topic, text, { qos: 1 })
}
