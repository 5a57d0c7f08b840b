import { type Clock, millis, type RoundTrouble, type Timer } from '@lantai/contracts'
import type { RoundEnded } from '../driver.ts'

/** A report may come after the events that end its round: so long it is waited for. */
const settleMs = 500

/** Microseconds of the reader's wall clock, or of its uptime where it has none. */
export interface ReaderTime {
  utcUs?: bigint | undefined
  uptimeUs?: bigint | undefined
}

interface Open {
  readonly fromMs: number
  readonly at: ReaderTime
  readonly epcs: Set<string>
  readonly troubles: Set<RoundTrouble>
  /** What the AISpec's end says. */
  end: { toMs: number; at: ReaderTime } | null
}

export interface RoundWatchOptions {
  readonly clock: Clock
  readonly longestMs: number
  /** An antenna is not connected now. */
  antennaLost(): boolean
  tell(round: RoundEnded): void
}

/**
 * Follows the rounds of one connection by the reader's own events: the start of the ROSpec opens one, the end of its
 * AISpec closes it. What the reader held back from before the connection is of a round that nobody followed; where no
 * start was heard no round is told, for a complete one must have been heard whole.
 */
export class RoundWatch {
  readonly #o: RoundWatchOptions
  /** The reader's time when it took our connection. */
  #since: ReaderTime | null = null
  #open: Open | null = null
  #settling: Timer | null = null

  constructor(options: RoundWatchOptions) {
    this.#o = options
  }

  connected(at: ReaderTime) {
    this.#since ??= at
  }

  started(at: ReaderTime) {
    if (this.#isOld(at)) return
    this.#close()
    const nothing = { epcs: new Set<string>(), troubles: new Set<RoundTrouble>(), end: null }
    this.#open = { fromMs: this.#o.clock.now(), at, ...nothing }
  }

  heard(epcs: Iterable<string>) {
    for (const epc of epcs) this.#open?.epcs.add(epc)
  }

  trouble(trouble: RoundTrouble) {
    this.#open?.troubles.add(trouble)
  }

  aiSpecEnded(at: ReaderTime) {
    if (!this.#open || this.#isOld(at)) return
    this.#open.end ??= { toMs: this.#o.clock.now(), at }
    this.#settle()
  }

  /** `by` another ROSpec where it was preempted. */
  roSpecEnded(at: ReaderTime, by: 'itself' | 'another') {
    if (!this.#open || this.#isOld(at)) return
    if (by === 'another') this.#open.troubles.add('stopped')
    this.#settle()
  }

  /** The connection is gone; also a report that was still waited for. */
  lost() {
    this.trouble('link-lost')
    this.#close()
  }

  #settle() {
    this.#settling?.cancel()
    this.#settling = this.#o.clock.after(millis(settleMs), () => this.#close())
  }

  #close() {
    this.#settling?.cancel()
    this.#settling = null
    const open = this.#open
    this.#open = null
    if (!open) return
    const { fromMs, end, epcs, troubles } = open
    if (this.#o.antennaLost()) troubles.add('antenna')
    if (!end && !troubles.has('link-lost')) troubles.add('stopped')
    if (end && lasted(open, end) >= this.#o.longestMs) troubles.add('cut-off')
    const toMs = end?.toMs ?? this.#o.clock.now()
    this.#o.tell({ fromMs, toMs, epcs: [...epcs], troubles: [...troubles] })
  }

  #isOld(at: ReaderTime): boolean {
    const { utcUs, uptimeUs } = this.#since ?? {}
    return earlier(at.utcUs, utcUs) || earlier(at.uptimeUs, uptimeUs)
  }
}

const earlier = (a: bigint | undefined, b: bigint | undefined) =>
  a !== undefined && b !== undefined && a < b

/** By the reader's own clock where it has one: ours counts the way of the messages too. */
function lasted(open: Open, end: NonNullable<Open['end']>): number {
  const [from, to] = [open.at.utcUs ?? open.at.uptimeUs, end.at.utcUs ?? end.at.uptimeUs]
  if (from === undefined || to === undefined) return end.toMs - open.fromMs
  return Number((to - from) / 1000n)
}
