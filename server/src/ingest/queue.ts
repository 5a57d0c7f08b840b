import type { Lane } from '@lantai/contracts'

interface Waiting<P> {
  bytes: Buffer
  parsed: P | undefined
}
/** In the order in which they are taken. Reads and telemetry wait in one line: their gateway has shared it out (rule G3). */
const ranks = ['alarm', 'custody', 'bulk'] as const
type Rank = (typeof ranks)[number]
const rankOf = (lane: Lane): Rank => (lane === 'alarm' || lane === 'custody' ? lane : 'bulk')

type Take<P> = (gateway: string, bytes: Buffer, parsed: P) => Promise<unknown>

/** So many batches of a gateway are parsed as they come, while the database is busy with an earlier one. */
const parsedAhead = 2

/**
 * One batch at a time per gateway, alarms and custody first (rule D13), the rest as it came: its cursor row would
 * serialise them anyway, and a queue here keeps them from holding a pool of connections. Bounded: what does not fit is
 * dropped unanswered, and the gateway, which keeps everything until it is acknowledged, sends it again.
 */
export class BatchQueue<P> {
  readonly #parse: (bytes: Buffer) => P
  readonly #take: Take<P>
  readonly #limitBytes: number
  readonly #gateways = new Map<string, Map<Rank, Waiting<P>[]>>()
  readonly #running = new Set<string>()
  #bytes = 0
  #idle: (() => void)[] = []

  constructor(parse: (bytes: Buffer) => P, take: Take<P>, limitBytes = 32 * 1024 * 1024) {
    this.#parse = parse
    this.#take = take
    this.#limitBytes = limitBytes
  }

  /** False when the batch was dropped because the queue is full. */
  add(gateway: string, lane: Lane, bytes: Buffer): boolean {
    if (this.#bytes + bytes.length > this.#limitBytes) return false
    const ofGateway = this.#gateways.get(gateway) ?? new Map<Rank, Waiting<P>[]>()
    this.#gateways.set(gateway, ofGateway)
    const waiting = ofGateway.get(rankOf(lane)) ?? []
    ofGateway.set(rankOf(lane), waiting)
    const ahead = this.#running.has(gateway) && waiting.length < parsedAhead
    waiting.push({ bytes, parsed: ahead ? this.#parse(bytes) : undefined })
    this.#bytes += bytes.length
    if (!this.#running.has(gateway)) void this.#drain(gateway)
    return true
  }

  /** Settles when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  async #drain(gateway: string) {
    this.#running.add(gateway)
    for (let next = this.#next(gateway); next; next = this.#next(gateway)) {
      this.#bytes -= next.bytes.length
      await this.#take(gateway, next.bytes, next.parsed ?? this.#parse(next.bytes))
    }
    this.#running.delete(gateway)
    if (this.#running.size > 0) return
    const waiters = this.#idle
    this.#idle = []
    for (const resolve of waiters) resolve()
  }

  #next(gateway: string): Waiting<P> | undefined {
    for (const rank of ranks) {
      const next = this.#gateways.get(gateway)?.get(rank)?.shift()
      if (next) return next
    }
    return undefined
  }
}
