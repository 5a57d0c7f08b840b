import { Duplex } from 'node:stream'
import { type Clock, type Millis, millis, seconds, type Timer } from '@lantai/contracts'
import { type IClientOptions, type ISubscriptionGrant, MqttClient } from 'mqtt'
import type { DriverDeps } from '../driver.ts'
import type { DriverIo, OpenLink } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { MessageHeads } from './message-heads.ts'
import { PacketGate, pubAck } from './packet-gate.ts'
import { login, secretsDirOf, trust } from './secrets.ts'
import { type Broker, brokerAddress } from './settings.ts'

/** Larger messages are not taken in: a fixed reader sends some hundred bytes a read. */
export const messageLimit = 256 * 1024
/** From the open socket to the answered subscription. */
const readyWithin = seconds(5)
const keepaliveSeconds = 5
const refused = 128

export interface MqttLinkOptions {
  deps: DriverDeps
  io: DriverIo
  broker: Broker
  clientId: string
  filters: readonly string[]
  /** `retained`: it was said before we subscribed, nobody knows when. */
  message(topic: string, payload: Buffer, retained: boolean): void
  tooLarge(topic: string, bytes: number, evidence: Uint8Array): void
  /** Every subscription was granted. */
  up(): void
  down(reason: string): void
}

/**
 * One clean MQTT 3.1.1 session at a time to a broker, for ever (G5). Each is a client of its own that is never
 * reused: what the library would queue or subscribe again by itself is worth nothing here.
 */
export class MqttLink {
  readonly #o: MqttLinkOptions
  readonly #loop: LinkLoop
  readonly #heads: MessageHeads | null

  constructor(options: MqttLinkOptions) {
    this.#o = options
    const { explain } = options.deps
    this.#heads = explain ? new MessageHeads(explain) : null
    this.#loop = new LinkLoop({
      clock: options.deps.clock,
      open: opening(options.io, options.broker, secretsDirOf(options.deps.dataDir)),
      random: options.io.random,
      serve: async (connection, up) => {
        await this.#serve(connection, up)
        return {}
      },
      down: options.down,
    })
  }

  start() {
    this.#loop.start()
  }
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  async #serve(connection: Connection, up: () => void) {
    const client = this.#client(connection)
    if (!client) return
    const late = this.#o.deps.clock.after(readyWithin, () =>
      connection.end('the broker did not answer within 5 seconds'),
    )
    client.on('error', (error) => connection.end(error.message))
    client.on('close', () => connection.end('the broker closed the connection'))
    client.on('message', (topic, payload, { retain }) => {
      if (!connection.alive) return
      this.#heads?.take(topic, payload, retain)
      this.#o.message(topic, payload, retain)
    })
    client.once('connect', () => {
      const { broker, clientId, deps } = this.#o
      deps.explain?.(`the broker lets in ${broker.user ?? 'us without a name'}, client ${clientId}`)
      this.#subscribe(client, connection, late, up)
    })
    await connection.ended()
    late.cancel()
    client.end(true)
  }

  #client(connection: Connection): MqttClient | null {
    try {
      const known = login(this.#o.broker, secretsDirOf(this.#o.deps.dataDir))
      if (known.password !== undefined) this.#o.deps.hide?.(known.password)
      const settings: IClientOptions = {
        ...known,
        clientId: this.#o.clientId,
        protocolVersion: 4,
        clean: true,
        reconnectPeriod: 0,
        resubscribe: false,
        queueQoSZero: false,
        writeCache: false, // as in the uplink's `link.ts`
        keepalive: keepaliveSeconds,
        timerVariant: intervalsOn(this.#o.deps.clock),
      }
      return new MqttClient(() => this.#stream(connection), settings)
    } catch (error) {
      connection.end(error instanceof Error ? error.message : String(error))
      return null
    }
  }

  /** The connection as the library wants it; what is too large does not reach it. */
  #stream(connection: Connection): Duplex {
    const gate = new PacketGate(messageLimit)
    const stream = new Duplex({
      read: () => undefined,
      write: (chunk: Uint8Array, _encoding, done) => {
        connection.write(chunk)
        done()
      },
      destroy: (error, done) => {
        connection.end(error?.message ?? 'the connection ended')
        done(error)
      },
    })
    connection.listen((chunk) => {
      try {
        for (const part of gate.feed(chunk)) {
          if ('pass' in part) stream.push(part.pass)
          else {
            const { topic, bytes, evidence, packetId } = part.oversized
            if (packetId !== null) connection.write(pubAck(packetId))
            this.#o.tooLarge(topic, bytes, evidence)
          }
        }
      } catch (error) {
        connection.end(error instanceof Error ? error.message : String(error))
      }
    })
    connection.onEnd(() => stream.destroy())
    return stream
  }

  /** A SUBACK that grants less than all is no subscription. */
  #subscribe(client: MqttClient, connection: Connection, late: Timer, up: () => void) {
    const heard = (error: Error | null, granted: ISubscriptionGrant[] | undefined) => {
      if (!connection.alive) return
      for (const { topic, qos } of granted ?? [])
        this.#o.deps.explain?.(`subscription to ${topic}: ${answerText(Number(qos))}`)
      const denied = (granted ?? []).filter((g) => Number(g.qos) === refused).map((g) => g.topic)
      if (error || denied.length > 0) {
        const which = denied.length > 0 ? denied : this.#o.filters
        connection.end(`the broker refused the subscription to ${which.join(', ')}`)
        return
      }
      late.cancel()
      up()
      this.#o.up()
    }
    client.subscribe([...this.#o.filters], { qos: 1 }, (error, granted) => heard(error, granted))
  }
}

const answerText = (qos: number) => (qos === refused ? 'refused' : `granted, QoS ${qos}`)

/** Secrets are read at each try; one that is missing is a failed try with its reason. */
function opening(io: DriverIo, broker: Broker, secrets: string): OpenLink {
  const { tls, host, port } = brokerAddress(broker)
  if (!tls) return io.tcp(host, port)
  return (handlers) => {
    try {
      return io.tls(host, port, trust(broker, secrets))(handlers)
    } catch (error) {
      handlers.closed(error instanceof Error ? error.message : String(error))
      return { write: () => undefined, close: async () => undefined }
    }
  }
}

/** The library's keepalive on our clock. */
function intervalsOn(clock: Clock) {
  const running = new Map<number, Timer>()
  let last = 0
  const again = (id: number, delay: Millis, job: () => void) => {
    const timer = clock.after(delay, () => {
      again(id, delay, job)
      job()
    })
    running.set(id, timer)
  }
  return {
    set: (job: () => void, delay: number): number => {
      last += 1
      again(last, millis(delay), job)
      return last
    },
    clear: (id: number) => {
      running.get(id)?.cancel()
      running.delete(id)
    },
  }
}
