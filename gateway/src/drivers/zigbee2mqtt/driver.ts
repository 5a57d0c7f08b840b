import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { CreateDriver, Driver, DriverDeps } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health, type HealthView } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { Findings } from '../mqtt/findings.ts'
import { MqttLink } from '../mqtt/mqtt-link.ts'
import { evidenceBytes } from '../mqtt/reader.ts'
import { parseOnline, parseState } from './frames.ts'
import { modelOf } from './models.ts'
import { baseOf, type Zigbee2Mqtt } from './settings.ts'
import { repeatMs, Watched } from './watched.ts'

/** Behind its start the bridge publishes what it remembers, without saying that it is old. */
const replayMs = 30_000

/** One bridge. Nothing is ever published: no device can be set, permitted or removed from here. */
class ZigbeeDriver implements Driver {
  readonly #device: Zigbee2Mqtt
  readonly #clock: Clock
  readonly #deps: DriverDeps
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #findings: Findings
  readonly #link: MqttLink
  readonly #byTopic = new Map<string, Watched>()
  #brokerLost: string | null = 'not connected yet'
  #bridgeAway = false
  #replayUntil = Number.NEGATIVE_INFINITY
  #beat: Timer | null = null

  constructor(device: Zigbee2Mqtt, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#clock = deps.clock
    this.#bad = new BadFrames(deps.clock, deps.log, evidenceBytes)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#findings = new Findings(deps.clock)
    const base = baseOf(device)
    for (const z of device.devices)
      this.#byTopic.set(`${base}/${z.name}`, new Watched(device.id, z, deps.clock, deps.emit))
    const topics = [...this.#byTopic.keys()]
    this.#link = new MqttLink({
      deps,
      io,
      broker: device.broker,
      clientId: device.broker.clientId ?? `lantai-${device.id}`,
      filters: [`${base}/bridge/state`, ...topics, ...topics.map((t) => `${t}/availability`)],
      message: (topic, payload, retained) => this.#hear(topic, payload, retained),
      tooLarge: (topic, bytes, evidence) =>
        this.#bad.note(evidence, `a message of ${bytes} bytes is not taken in`, { topic }),
      up: () => {
        this.#brokerLost = null
        this.#tell()
      },
      down: (reason) => {
        this.#brokerLost = reason
        this.#forgetAll()
      },
    })
  }

  start() {
    this.#link.start()
    this.#again()
  }
  async [Symbol.asyncDispose]() {
    this.#beat?.cancel()
    await this.#link.stop()
  }

  #again() {
    for (const w of this.#byTopic.values()) w.tell()
    this.#tell()
    this.#beat = this.#clock.after(millis(repeatMs), () => this.#again())
  }

  #hear(topic: string, payload: Buffer, retained: boolean) {
    if (topic === `${baseOf(this.#device)}/bridge/state`) this.#bridge(payload, retained)
    else if (topic.endsWith('/availability') && !this.#byTopic.has(topic)) {
      const watched = this.#byTopic.get(topic.slice(0, -'/availability'.length))
      // Being there is proven by what a device says, not by this word (Koenkk/zigbee2mqtt#4854).
      if (watched && parseOnline(payload) === false) watched.forget()
    } else {
      const watched = this.#byTopic.get(topic)
      if (watched) this.#state(watched, topic, payload, retained)
    }
    this.#tell()
  }

  #bridge(payload: Buffer, retained: boolean) {
    const online = parseOnline(payload)
    if (online === null) {
      this.#bad.note(payload, 'a bridge state that is neither online nor offline')
      return
    }
    this.#bridgeAway = !online
    if (!online) this.#forgetAll()
    else if (!retained) this.#replayUntil = this.#clock.mono() + replayMs
  }

  #state(watched: Watched, topic: string, payload: Buffer, retained: boolean) {
    const state = parseState(payload, modelOf(watched.device.model))
    if ('bad' in state) {
      this.#bad.note(payload, state.bad, { topic })
      this.#findings.fruitless()
      return
    }
    if (state.contacts.size + Object.keys(state.values).length === 0) this.#findings.fruitless()
    else this.#findings.fruitful()
    const replay = state.lastSeenMs === undefined && this.#clock.mono() < this.#replayUntil
    const proven = !retained && !replay
    const taken = watched.take(state, proven)
    const { name } = watched.device
    if (proven) {
      this.#bridgeAway = false
      const ageless = state.lastSeenMs === undefined
      this.#findings.set(
        `age ${name}`,
        ageless ? `${name} tells no last_seen: switch it on in the bridge` : null,
      )
    }
    if (taken !== 'taken') this.#deps.log.debug({ topic, taken }, 'state not taken')
  }

  #forgetAll() {
    for (const w of this.#byTopic.values()) w.forget()
    this.#tell()
  }

  #tell() {
    this.#health.tell(this.#view())
  }
  #view(): HealthView {
    if (this.#brokerLost !== null)
      return { state: 'offline', detail: `broker: ${this.#brokerLost}` }
    if (this.#bridgeAway) return { state: 'offline', detail: 'the Zigbee bridge is offline' }
    const all = [...this.#byTopic.values()]
    const silent = all.filter((w) => !w.known).map((w) => w.device.name)
    if (silent.length === all.length)
      return { state: 'unknown', detail: 'subscribed; nothing heard from any device yet' }
    const quiet =
      silent.length > 0 ? `${silent.length} of ${all.length} silent: ${silent.join(', ')}` : null
    const reasons = [quiet, this.#findings.detail].filter((r) => r !== null)
    return reasons.length > 0
      ? { state: 'degraded', detail: reasons.join('; ') }
      : { state: 'online', detail: null }
  }
}

export const createZigbeeDriver: CreateDriver<typeof Zigbee2Mqtt> = (device, deps, io = systemIo) =>
  new ZigbeeDriver(device, deps, io)
