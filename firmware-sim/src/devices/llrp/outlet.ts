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

/** Tag reads that fit into the reader's memory while nobody takes them, and when it warns. */
const bufferReads = 5000
const warnsAtPercent = 80

/** NotificationEventType of EventNotificationState (245). Overflow, connection and close are told to everybody. */
export const notice = {
  hopping: 0,
  gpi: 1,
  rospec: 2,
  bufferWarning: 3,
  exception: 4,
  aiSpec: 6,
  antenna: 8,
} as const

export class Outlet {
  readonly #clock: Clock
  readonly #versions: Versions
  readonly #send: (bytes: Buffer) => void
  #nextId = 1
  #buffer: Held[] = []
  #buffered = 0
  #overflown = false
  /** Event types that the client asked for; none after a reset to factory values. */
  #notices = new Set<number>()
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

  /** One EventNotificationState of the client. */
  subscribe(type: number, on: boolean): void {
    if (on) this.#notices.add(type)
    else this.#notices.delete(type)
  }
  unsubscribe(): void {
    this.#notices.clear()
  }

  /** An event that only those hear who asked for its type. */
  notify(type: number, body: (w: ByteWriter) => void): void {
    if (this.#notices.has(type)) this.event(body)
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
      const before = this.#percent
      this.#buffered += reads.length
      this.#buffer.push(message())
      const now = this.#percent
      if (before < warnsAtPercent && now >= warnsAtPercent)
        this.notify(notice.bufferWarning, (w) => w.tlv(250, (p) => p.u8(now)))
    } else {
      this.lost += reads.length
      this.#overflown ||= this.holds
    }
  }

  get #percent(): number {
    return Math.floor((100 * this.#buffered) / bufferReads)
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
