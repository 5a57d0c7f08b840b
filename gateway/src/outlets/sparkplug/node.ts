import { encodePayload, type Metric } from './payload.ts'
import type { DeviceSample, Sample } from './values.ts'

export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
}
export interface NodeNames {
  readonly group: string
  readonly edgeNode: string
}

const root = 'spBv1.0'
export const rebirthName = 'Node Control/Rebirth'

/** `spBv1.0/group/TYPE/node[/device]` */
export const topicOf = ({ group, edgeNode }: NodeNames, type: string, device?: string): string =>
  [root, group, type, edgeNode, ...(device === undefined ? [] : [device])].join('/')
export const stateTopic = (host: string) => `${root}/STATE/${host}`

interface Told {
  value: Sample['value']
  quality: Sample['quality']
}

/**
 * One session of an edge node as Sparkplug 3.0 wants it: births before data, a sequence number over all messages, aliases
 * given at birth. Pure: samples in, messages out. What the plant's host knows ends with the session.
 */
export class SparkplugNode {
  readonly #names: NodeNames
  readonly #bdSeq: number
  #seq = 0
  #aliases = new Map<string, number>()
  /** Devices that were born, with what was told of each of their metrics. */
  #born = new Map<string, Map<string, Told>>()

  constructor(names: NodeNames, bdSeq: number) {
    this.#names = names
    this.#bdSeq = bdSeq
  }

  /** The death certificate, given to the broker as the will: it carries the number of the birth that it ends. */
  death(now: number): Message {
    const metrics = [bdSeqMetric(this.#bdSeq, now)]
    const payload = encodePayload({ timestamp: now, metrics })
    return { topic: topicOf(this.#names, 'NDEATH'), payload }
  }

  /** The node's birth and those of all devices that live; also the answer to a rebirth request. */
  birth(devices: readonly DeviceSample[], now: number): Message[] {
    this.#seq = 0
    this.#aliases = new Map()
    this.#born = new Map()
    const rebirth: Metric = { name: rebirthName, timestamp: now, type: 'Boolean', value: false }
    const node = this.#message('NBIRTH', [bdSeqMetric(this.#bdSeq, now), rebirth], now)
    return [node, ...devices.filter((d) => d.alive).map((d) => this.#deviceBirth(d, now))]
  }

  /** What changed since: births, deaths and data. A device whose values are others than at its birth is born anew. */
  update(devices: readonly DeviceSample[], now: number): Message[] {
    const alive = new Map(devices.filter((d) => d.alive).map((d) => [d.id, d]))
    const messages: Message[] = []
    for (const id of [...this.#born.keys()])
      if (!alive.has(id)) {
        this.#born.delete(id)
        messages.push(this.#message('DDEATH', [], now, id))
      }
    for (const device of alive.values()) {
      const told = this.#born.get(device.id)
      const same = told?.size === device.samples.length
      if (!told || !same || device.samples.some((s) => !told.has(s.name))) {
        messages.push(this.#deviceBirth(device, now))
        continue
      }
      const changed = device.samples.filter((s) => differs(s, told.get(s.name)))
      if (changed.length === 0) continue
      const metrics = changed.map((s) => this.#metric(device.id, s, told))
      messages.push(this.#message('DDATA', metrics, now, device.id))
    }
    return messages
  }

  #deviceBirth(device: DeviceSample, now: number): Message {
    const told = new Map<string, Told>()
    this.#born.set(device.id, told)
    const metrics = device.samples.map((s) => {
      const unit = s.unit === undefined ? {} : { unit: s.unit }
      return { ...this.#metric(device.id, s, told), name: s.name, ...unit }
    })
    return this.#message('DBIRTH', metrics, now, device.id)
  }

  #metric(device: string, s: Sample, told: Map<string, Told>): Metric {
    told.set(s.name, { value: s.value, quality: s.quality })
    const { type, value, quality } = s
    return { alias: this.#alias(`${device}/${s.name}`), timestamp: s.at, type, value, quality }
  }

  /** Unique over the whole node. */
  #alias(name: string): number {
    const alias = this.#aliases.get(name) ?? this.#aliases.size + 1
    this.#aliases.set(name, alias)
    return alias
  }

  #message(type: string, metrics: readonly Metric[], now: number, device?: string): Message {
    const seq = this.#seq
    this.#seq = (seq + 1) % 256
    const payload = encodePayload({ timestamp: now, seq, metrics })
    return { topic: topicOf(this.#names, type, device), payload }
  }
}

const bdSeqMetric = (bdSeq: number, now: number): Metric => ({
  name: 'bdSeq',
  timestamp: now,
  type: 'Int64',
  value: bdSeq,
})

const differs = (s: Sample, told: Told | undefined) =>
  told?.value !== s.value || told.quality !== s.quality
