import type { TagRead } from '../driver.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import { type Bad, lastScanData, scanResults } from './bodies.ts'
import {
  hearEvents,
  hearLastScans,
  type LastScan,
  queueOverflowEventType,
  type ScanEvent,
} from './feed.ts'
import type { FoundReader } from './find.ts'
import { Recent } from './recent.ts'
import { lastScanRead, tagReads } from './tag-read.ts'

export interface SourceOut {
  reads(reads: TagRead[], from: 'events' | 'last'): void
  bad(bad: Bad): void
  /** The server's queue ran over. */
  overflow(): void
}

const rememberedEvents = 2000

/** Where the reads of one session come from. */
export class Source {
  readonly #reader: FoundReader
  readonly #out: SourceOut
  readonly #seen = new Recent(rememberedEvents)
  #last: 'off' | 'first' | 'on' = 'off'

  constructor(reader: FoundReader, out: SourceOut) {
    this.#reader = reader
    this.#out = out
  }

  /** Of two reads within one sampling interval one is lost. */
  get lossy() {
    return this.#last !== 'off'
  }

  /** False when the reader gives nothing that could be heard. */
  async open(session: OpcUaSession): Promise<boolean> {
    const { at } = this.#reader
    const events = await hearEvents(session, this.#reader, (e) => this.#event(e))
    if (!session.alive) return false
    // A reader that we start gives events when it has them; of another we take the last scan until an event comes.
    if ((events && at.ScanStart) || !at.LastScanData) return events
    this.#last = 'first'
    const nodes = { data: at.LastScanData, antenna: at.LastScanAntenna, rssi: at.LastScanRSSI }
    const last = await hearLastScans(session, nodes, (scan) => this.#lastScan(scan))
    if (!last) this.#last = 'off'
    return session.alive && (last || events)
  }

  #event(event: ScanEvent) {
    if (event.type === queueOverflowEventType) {
      this.#out.overflow()
      return
    }
    if (event.source !== this.#reader.node) return
    // Some servers give an event once for each place where it can be heard.
    if (event.id !== '' && !this.#seen.add(event.id)) return
    if (event.results === undefined || event.results.value === null) return
    this.#last = 'off'
    const { results, bad } = scanResults(event.results, this.#reader.autoId)
    for (const b of bad) this.#out.bad(b)
    const reads = results.flatMap((result) => {
      const read = tagReads(result)
      if (!read) this.#out.bad({ bytes: new Uint8Array(0), why: 'no EPC of whole words' })
      return read ?? []
    })
    if (reads.length > 0) this.#out.reads(reads, 'events')
  }

  #lastScan({ data, antenna, rssi }: LastScan) {
    // The first value is what was scanned before we came, perhaps yesterday.
    const first = this.#last === 'first'
    if (this.#last === 'off') return
    this.#last = 'on'
    if (data.statusCode.name.includes('Overflow') || (data.statusCode.value & overflowBit) !== 0)
      this.#out.overflow()
    if (first || !data.statusCode.isGoodish()) return
    const scanned = lastScanData(data, this.#reader.autoId)
    if ('why' in scanned) {
      this.#out.bad(scanned)
      return
    }
    if (scanned.kind === 'none') return
    const read = lastScanRead(scanned, {
      ...numberOf('antenna', antenna?.value.value),
      ...numberOf('strength', rssi?.value.value),
      atMs: data.sourceTimestamp?.getTime() ?? null,
    })
    if (read) this.#out.reads([read], 'last')
    else this.#out.bad({ bytes: new Uint8Array(0), why: 'a last scan that is no EPC' })
  }
}

/** OPC 10000-4 7.39.1: info type DataValue, and values were discarded. */
const overflowBit = 0x80

const numberOf = <K extends string>(key: K, value: unknown): Partial<Record<K, number>> =>
  typeof value === 'number' ? ({ [key]: value } as Partial<Record<K, number>>) : {}
