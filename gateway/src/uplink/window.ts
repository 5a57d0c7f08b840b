import { type Clock, type Lane, lanes } from '@lantai/contracts'
import type { Cursors, OutboxStatus } from '../outbox/types.ts'

/** Batches of one lane under way; with 500 items a batch the store keeps as many records untouched. */
const perLane = 4
/** No ack in this time: what was sent is sent again (D16: a timeout is an unknown result). */
const ackWithinMs = 10_000
/** Neither of the two bulk lanes gets less than this part of what they share (G3). */
const leastShare = 0.1

interface Flight {
  last: bigint
  at: number
}

/** What may be sent next, and what must be sent again. Pure: knows numbers, not messages. */
export class SendWindow {
  readonly #clock: Clock
  readonly #sent: Record<Lane, bigint> = { alarm: 0n, custody: 0n, reads: 0n, telemetry: 0n }
  readonly #flights: Record<Lane, Flight[]> = { alarm: [], custody: [], reads: [], telemetry: [] }
  #shared = { reads: 0, telemetry: 0 }

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** After a reconnect or a timeout everything beyond the cursors is sent again. */
  rewind(status: OutboxStatus) {
    for (const lane of lanes) {
      this.#sent[lane] = BigInt(status.lanes[lane].cursor)
      this.#flights[lane] = []
    }
  }

  /** G3: alarm and custody go first; reads and telemetry share the rest by what waits, each at least a tenth. */
  next(status: OutboxStatus): Lane | null {
    const ready = lanes.filter(
      (lane) =>
        this.#flights[lane].length < perLane && BigInt(status.lanes[lane].last) > this.#sent[lane],
    )
    for (const lane of ['alarm', 'custody'] as const) if (ready.includes(lane)) return lane
    if (ready.length < 2) return ready[0] ?? null
    const waiting = status.lanes.reads.bytes + status.lanes.telemetry.bytes
    const due = Math.min(
      1 - leastShare,
      Math.max(leastShare, status.lanes.reads.bytes / Math.max(1, waiting)),
    )
    const { reads, telemetry } = this.#shared
    return reads <= due * (reads + telemetry) ? 'reads' : 'telemetry'
  }

  after(lane: Lane): string {
    return String(this.#sent[lane])
  }

  sending(lane: Lane, last: string, bytes: number) {
    this.#sent[lane] = BigInt(last)
    this.#flights[lane].push({ last: BigInt(last), at: this.#clock.mono() })
    if (lane === 'alarm' || lane === 'custody') return
    this.#shared[lane] += bytes
    if (this.#shared.reads + this.#shared.telemetry > 4_000_000)
      this.#shared = { reads: this.#shared.reads / 2, telemetry: this.#shared.telemetry / 2 }
  }

  /** Takes cursors; true when one of them ended a flight. */
  acked(cursors: Cursors): boolean {
    let moved = false
    for (const lane of lanes) {
      const cursor = BigInt(cursors[lane])
      const left = this.#flights[lane].filter((f) => f.last > cursor)
      if (left.length < this.#flights[lane].length) moved = true
      // What the server has just taken shows that it lives: the rest gets its full time from now.
      if (moved) for (const f of left) f.at = this.#clock.mono()
      this.#flights[lane] = left
      if (this.#sent[lane] < cursor) this.#sent[lane] = cursor
    }
    return moved
  }

  /** Age of the oldest batch without an ack, in ms; null when nothing is under way. */
  oldestMs(): number | null {
    const starts = lanes.flatMap((lane) => this.#flights[lane].map((f) => f.at))
    return starts.length > 0 ? this.#clock.mono() - Math.min(...starts) : null
  }
  overdue(): boolean {
    return (this.oldestMs() ?? 0) >= ackWithinMs
  }
}
