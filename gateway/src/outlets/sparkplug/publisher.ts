import { readFileSync } from 'node:fs'
import { type Clock, millis, type Timer } from '@lantai/contracts'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import type { Logger } from 'pino'
import { Backoff } from '../../drivers/link/backoff.ts'
import { type Message, rebirthName, SparkplugNode, stateTopic, topicOf } from './node.ts'
import { namesSetTrue } from './payload.ts'
import type { SparkplugSettings } from './settings.ts'
import type { DeviceSample } from './values.ts'

export const lookMs = 250
/** A broker that takes nothing more gets nothing more; the next look tells it what is true then. */
const fullBytes = 256 * 1024
const longestCommand = 64 * 1024

export interface PublisherOptions {
  readonly settings: SparkplugSettings
  readonly clock: Clock
  readonly log: Logger
  random(): number
  sample(): DeviceSample[]
}

/**
 * Shows the room to a plant's SCADA over Sparkplug B 3.0. It only ever speaks of what is true now; facts travel by the
 * uplink alone. The only command that it knows is the wish for a rebirth; nothing can be moved or set from here.
 */
export class SparkplugPublisher {
  readonly #o: PublisherOptions
  readonly #backoff: Backoff
  #client: MqttClient | null = null
  #node: SparkplugNode | null = null
  #bdSeq = -1
  #born = false
  #hostSince: number | null = null
  #hostThere = false
  #timer: Timer | null = null
  #stopped = false

  constructor(options: PublisherOptions) {
    this.#o = options
    this.#backoff = new Backoff(options.clock, options.random)
  }

  start() {
    if (this.#stopped) return
    const { settings, clock, log } = this.#o
    // Rises with every connection, so that a late will cannot end a later birth.
    this.#bdSeq = (this.#bdSeq + 1) % 256
    const node = new SparkplugNode(settings, this.#bdSeq)
    this.#node = node
    this.#born = false
    this.#hostThere = settings.primaryHost === undefined
    this.#hostSince = null
    let client: MqttClient
    try {
      client = mqtt.connect(settings.url, this.#options(node.death(clock.now())))
    } catch (error) {
      // Its certificate or password is being renewed.
      log.error({ err: error }, 'sparkplug')
      this.#timer = clock.after(this.#backoff.next(), () => this.start())
      return
    }
    this.#client = client
    client.on('connect', () => this.#subscribe(client))
    client.on('message', (topic, payload) => client === this.#client && this.#hear(topic, payload))
    client.on('error', (error) => log.warn({ err: error }, 'sparkplug'))
    client.on('close', () => this.#lost(client))
  }

  /** Says that it goes, and ends; waits for that at most a second. */
  async stop() {
    this.#stopped = true
    this.#timer?.cancel()
    const client = this.#client
    this.#client = null
    if (!client) return
    if (this.#born) this.#publish(client, [this.#death()])
    await new Promise<void>((resolve) => {
      const timer = this.#o.clock.after(millis(1000), () => {
        client.end(true)
        resolve()
      })
      client.end(false, {}, () => {
        timer.cancel()
        resolve()
      })
    })
  }

  #options(will: Message): IClientOptions {
    const { ca, cert, key, username, passwordFile, edgeNode, group } = this.#o.settings
    return {
      clientId: `lantai-${group}-${edgeNode}`,
      // Read anew each time: a renewed certificate is used without a restart.
      ...(ca ? { ca: readFileSync(ca) } : {}),
      ...(cert ? { cert: readFileSync(cert) } : {}),
      ...(key ? { key: readFileSync(key) } : {}),
      ...(username ? { username } : {}),
      ...(passwordFile ? { password: readFileSync(passwordFile, 'utf8').trimEnd() } : {}),
      rejectUnauthorized: true,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      keepalive: 10,
      queueQoSZero: false,
      writeCache: false, // as in `link.ts`
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
    }
  }

  #subscribe(client: MqttClient) {
    const { settings, log } = this.#o
    const { primaryHost } = settings
    const topics = [topicOf(settings, 'NCMD'), ...(primaryHost ? [stateTopic(primaryHost)] : [])]
    client.subscribe(topics, { qos: 1 }, (error, granted) => {
      if (client !== this.#client) return
      if (error || (granted ?? []).some((g) => (g.qos as number) === 128)) {
        log.error({ err: error }, 'the broker refused our Sparkplug subscriptions')
        client.end(true)
        return
      }
      this.#look(client)
    })
  }

  /** Births as soon as the host is there, then what changed, for as long as the connection lives. */
  #look(client: MqttClient) {
    if (client !== this.#client) return
    const { clock } = this.#o
    const room = client.stream.writableLength < fullBytes
    if (this.#hostThere && room && !this.#tell(client, this.#born)) return
    this.#backoff.up()
    this.#timer = clock.after(millis(lookMs), () => this.#look(client))
  }

  /** What is true now. What cannot be told ends this connection and nothing else: the next one is born anew. */
  #tell(client: MqttClient, born: boolean): boolean {
    const { clock, log, sample } = this.#o
    const node = this.#node as SparkplugNode
    try {
      const now = clock.now()
      this.#publish(client, born ? node.update(sample(), now) : node.birth(sample(), now))
      this.#born = true
      return true
    } catch (error) {
      log.error({ err: error }, 'what is true cannot be told over Sparkplug')
      client.end(true)
      return false
    }
  }

  #hear(topic: string, payload: Buffer) {
    const { settings, log } = this.#o
    if (settings.primaryHost && topic === stateTopic(settings.primaryHost)) {
      this.#host(payload)
      return
    }
    if (topic !== topicOf(settings, 'NCMD') || payload.length > longestCommand) return
    const names = namesSetTrue(payload)
    if (!names?.includes(rebirthName)) {
      log.warn({ names }, 'a Sparkplug command that is not honoured')
      return
    }
    if (this.#born && this.#client) this.#tell(this.#client, false)
  }

  /** `{"online":true,"timestamp":…}`; an older word than the last does not count. */
  #host(payload: Buffer) {
    const said = stateOf(payload)
    if (!said || (this.#hostSince !== null && said.timestamp < this.#hostSince)) return
    this.#hostSince = said.timestamp
    this.#hostThere = said.online
    if (said.online || !this.#born || !this.#client) return
    // As the specification wants it: a death certificate, another connection, and a birth when the host is back.
    this.#publish(this.#client, [this.#death()])
    this.#client.end()
  }

  #death(): Message {
    const { settings, clock } = this.#o
    return new SparkplugNode(settings, this.#bdSeq).death(clock.now())
  }

  #publish(client: MqttClient, messages: readonly Message[]) {
    for (const { topic, payload } of messages)
      client.publish(topic, Buffer.from(payload), { qos: 0, retain: false }, (error) => {
        if (error) this.#o.log.debug({ err: error, topic }, 'sparkplug publish failed')
      })
  }

  #lost(client: MqttClient) {
    if (client !== this.#client) return
    this.#client = null
    this.#timer?.cancel()
    client.end(true)
    if (this.#stopped) return
    this.#timer = this.#o.clock.after(this.#backoff.next(), () => this.start())
  }
}

function stateOf(payload: Buffer): { online: boolean; timestamp: number } | null {
  try {
    const said: unknown = JSON.parse(payload.toString('utf8'))
    if (typeof said !== 'object' || said === null) return null
    const { online, timestamp } = said as { online?: unknown; timestamp?: unknown }
    return typeof online === 'boolean' && typeof timestamp === 'number'
      ? { online, timestamp }
      : null
  } catch {
    return null
  }
}
