import { twice } from './constants.ts'

/** What two readers told of one tag within a time in which nobody can have carried it from one to the other. */
export type Impossible =
  /** One tag at two readers at once, again and again: it has a copy, or the fields of these readers overlap there. */
  | { what: 'two-places'; epc: string; readers: readonly [string, string] }
  /** The same EPC answered with two serial numbers of a chip: two tags. */
  | { what: 'two-tags'; epc: string; readers: readonly string[]; tids: readonly [string, string] }
  /** So many tags at once at these two that their fields overlap: nothing is said of a tag at both of them any more. */
  | { what: 'fields-overlap'; readers: readonly [string, string] }

interface Trace {
  reader: string
  at: number
  /** When it changed reader faster than it can be carried, and between which. */
  jumps: readonly { at: number; pair: string }[]
  tid: string | undefined
  saidUntil: number
}

/** Of nearly every tag: one list for all of them. */
const none: Trace['jumps'] = []

/**
 * An EPC at two places at once is an alarm-worthy fact and no average (locating 8): tags can be copied, and a read is
 * only a claim. Pure, on the monotonic milliseconds that it is given.
 */
export class TwoPlaces {
  readonly #say: (fact: Impossible) => void
  /** Those read last stand last, so that the oldest are at hand. */
  readonly #traces = new Map<string, Trace>()
  /** Tags that two readers hear at once, with the time, by pair; in the same order. */
  readonly #shared = new Map<string, Map<string, number>>()
  readonly #overlapUntil = new Map<string, number>()

  constructor(say: (fact: Impossible) => void) {
    this.#say = say
  }

  /** Tags that are followed. */
  get followed(): number {
    return this.#traces.size
  }

  read(reader: string, epc: string, tid: string | undefined, now: number) {
    const trace = this.#traces.get(epc)
    if (!trace) return this.#first(reader, epc, tid, now)
    if (tid !== undefined) this.#compare(trace, reader, epc, tid, now)
    if (trace.reader !== reader && now - trace.at < twice.carriedMs)
      this.#jump(trace, reader, epc, now)
    trace.reader = reader
    trace.at = now
    this.#traces.delete(epc)
    this.#traces.set(epc, trace)
  }

  /** A tag that was not read for longest gives way: it is followed anew when it comes again. */
  #first(reader: string, epc: string, tid: string | undefined, now: number) {
    if (this.#traces.size >= twice.tracesKept)
      this.#traces.delete(this.#traces.keys().next().value as string)
    this.#traces.set(epc, {
      reader,
      at: now,
      jumps: none,
      tid,
      saidUntil: Number.NEGATIVE_INFINITY,
    })
  }

  #compare(trace: Trace, reader: string, epc: string, tid: string, now: number) {
    const before = trace.tid
    trace.tid = tid
    if (before === undefined || before === tid) return
    const readers = [...new Set([trace.reader, reader])]
    this.#tell(trace, { what: 'two-tags', epc, readers, tids: [before, tid] }, now)
  }

  #jump(trace: Trace, reader: string, epc: string, now: number) {
    const readers = [trace.reader, reader].sort() as [string, string]
    const pair = readers.join('\n')
    const latest = trace.jumps.filter((j) => now - j.at < twice.withinMs)
    trace.jumps = [...latest, { at: now, pair }]
    if (trace.jumps.filter((j) => j.pair === pair).length < twice.jumps) return
    if (this.#overlap(pair, readers, epc, now)) return
    this.#tell(trace, { what: 'two-places', epc, readers }, now)
  }

  /** Whether these two are known, or now found, to hear the same place. */
  #overlap(pair: string, readers: readonly [string, string], epc: string, now: number): boolean {
    const tags = this.#shared.get(pair) ?? new Map<string, number>()
    this.#shared.set(pair, tags)
    tags.delete(epc)
    tags.set(epc, now)
    for (const [tag, at] of tags) {
      if (now - at < twice.overlapMs) break
      tags.delete(tag)
    }
    const known = now < (this.#overlapUntil.get(pair) ?? Number.NEGATIVE_INFINITY)
    if (tags.size < twice.overlapTags) return known
    this.#overlapUntil.set(pair, now + twice.againMs)
    if (!known) this.#say({ what: 'fields-overlap', readers })
    return true
  }

  /** Once a day for one tag. */
  #tell(trace: Trace, fact: Impossible, now: number) {
    if (now < trace.saidUntil) return
    trace.saidUntil = now + twice.againMs
    this.#say(fact)
  }
}
