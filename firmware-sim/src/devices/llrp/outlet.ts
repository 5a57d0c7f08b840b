/** What leaves the reader: responses at once, reports and events through the hold buffer. */
import type { Clock } from '@lantai/contracts'
import { ByteWriter } from './bytes.ts'
import { encodeMessage, m, statusParameter } from './messages.ts'
import { reportBody, type TagRead } from './reports.ts'
import type { AccessSpec, RoSpec } from './specs.ts'

/** Tag reads that fit into the reader's memory while nobody takes them. */
const bufferReads = 5000

export class Outlet {
  readonly #clock: Clock
  readonly #send: (bytes: Buffer) => void
  #nextId = 1
  #buffer: Buffer[] = []
  #buffered = 0
  #overflown = false
  /** Hold reports and events until the client enables them (parameter 226). */
  holds = false
  #enabled = true
  connected = false
  reported = 0
  lost = 0

  constructor(clock: Clock, send: (bytes: Buffer) => void) {
    this.#clock = clock
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
    for (const b of this.#buffer) this.#send(b)
    this.#buffer = []
    this.#buffered = 0
    if (this.#overflown) this.event((w) => w.tlv(251, () => undefined))
    this.#overflown = false
  }

  respond(type: number, id: number, body: Buffer): void {
    this.#send(encodeMessage(type, id, body))
  }

  status(type: number, id: number, code: number, text = ''): void {
    const w = new ByteWriter()
    statusParameter(code, text)(w)
    this.respond(type, id, w.done())
  }

  keepalive(): void {
    this.#send(encodeMessage(m.keepalive, this.#id()))
  }

  /** The connection event is never held: the client waits for it. */
  connectionEvent(result: number): void {
    this.#send(this.#eventMessage((w) => w.tlv(256, (p) => p.u16(result))))
  }

  event(body: (w: ByteWriter) => void): void {
    if (this.flows) this.#send(this.#eventMessage(body))
    else if (this.holds) this.#buffer.push(this.#eventMessage(body))
  }

  report(spec: RoSpec, reads: TagRead[], access: AccessSpec | null): void {
    const message = () => encodeMessage(m.report, this.#id(), reportBody(spec, reads, access))
    if (this.flows) {
      this.reported += reads.length
      this.#send(message())
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

  #eventMessage(body: (w: ByteWriter) => void): Buffer {
    const w = new ByteWriter()
    w.tlv(246, (data) => {
      data.tlv(128, (t) => t.u64(BigInt(Math.round(this.#clock.now() * 1000))))
      body(data)
    })
    return encodeMessage(m.event, this.#id(), w.done())
  }

  #id(): number {
    this.#nextId = (this.#nextId + 1) >>> 0
    return this.#nextId
  }
}
