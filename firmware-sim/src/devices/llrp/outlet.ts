/** What leaves the reader: responses at once, reports and events through the hold buffer. */
import type { Clock } from '@lantai/contracts'
import { ByteWriter } from './bytes.ts'
import { encodeMessage, m, statusParameter } from './messages.ts'
import { reportBody, type TagRead } from './reports.ts'
import type { AccessSpec, RoSpec } from './specs.ts'
import type { Versions } from './versions.ts'

/** A message that waits; its version is that of the connection that takes it. */
interface Held {
  type: number
  id: number
  body: Buffer
}

/** Tag reads that fit into the reader's memory while nobody takes them. */
const bufferReads = 5000

export class Outlet {
  readonly #clock: Clock
  readonly #versions: Versions
  readonly #send: (bytes: Buffer) => void
  #nextId = 1
  #buffer: Held[] = []
  #buffered = 0
  #overflown = false
  /** Hold reports and events until the client enables them (parameter 226). */
  holds = false
  #enabled = true
  connected = false
  reported = 0
  lost = 0

  constructor(clock: Clock, versions: Versions, send: (bytes: Buffer) => void) {
    this.#clock = clock
    this.#versions = versions
    this.#send = send
  }

  get flows(): boolean {
    return this.connected && (!this.holds || this.#enabled)
  }

  connect(): void {
    this.connected = true
    this.#enabled = false
  }

  disconnect(): void {
    this.connected = false
  }

  /** ENABLE_EVENTS_AND_REPORTS: what was held goes first. */
  enable(): void {
    this.#enabled = true
    for (const held of this.#buffer) this.#out(held)
    this.#buffer = []
    this.#buffered = 0
    if (this.#overflown) this.event((w) => w.tlv(251, () => undefined))
    this.#overflown = false
  }

  respond(type: number, id: number, body: Buffer, version?: number): void {
    this.#send(encodeMessage(type, id, body, version ?? this.#versions.current))
  }

  status(type: number, id: number, code: number, text = '', version?: number): void {
    const w = new ByteWriter()
    statusParameter(code, text)(w)
    this.respond(type, id, w.done(), version)
  }

  keepalive(): void {
    this.respond(m.keepalive, this.#id(), Buffer.alloc(0))
  }

  /** The connection event is never held: the client waits for it. */
  connectionEvent(result: number): void {
    this.#out(this.#eventMessage((w) => w.tlv(256, (p) => p.u16(result))))
  }

  event(body: (w: ByteWriter) => void): void {
    if (this.flows) this.#out(this.#eventMessage(body))
    else if (this.holds) this.#buffer.push(this.#eventMessage(body))
  }

  report(spec: RoSpec, reads: TagRead[], access: AccessSpec | null): void {
    const message = () => ({
      type: m.report,
      id: this.#id(),
      body: reportBody(spec, reads, access),
    })
    if (this.flows) {
      this.reported += reads.length
      this.#out(message())
    } else if (this.holds && this.#buffered + reads.length <= bufferReads) {
      this.#buffered += reads.length
      this.#buffer.push(message())
    } else {
      this.lost += reads.length
      this.#overflown ||= this.holds
    }
  }

  overflow(): void {
    this.event((w) => w.tlv(251, () => undefined))
  }

  #out({ type, id, body }: Held): void {
    this.respond(type, id, body)
  }

  #eventMessage(body: (w: ByteWriter) => void): Held {
    const w = new ByteWriter()
    w.tlv(246, (data) => {
      data.tlv(128, (t) => t.u64(BigInt(Math.round(this.#clock.now() * 1000))))
      body(data)
    })
    return { type: m.event, id: this.#id(), body: w.done() }
  }

  #id(): number {
    this.#nextId = (this.#nextId + 1) >>> 0
    return this.#nextId
  }
}
