/**
 * An LLRP reader, 1.0.1 or 1.1 as its brand has it: takes messages, answers them, and reports what its field holds. It
 * knows no sockets; the worker brings them. One client at a time.
 */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'
import type { Rng } from '../../world/rng.ts'
import { ByteReader, ByteWriter, Malformed } from './bytes.ts'
import {
  airProtocolCapabilities,
  generalCapabilities,
  llrpCapabilities,
  type ReaderModel,
  regulatoryCapabilities,
} from './capabilities.ts'
import { Field } from './field.ts'
import { impinj, type Message, m, status, statusParameter } from './messages.ts'
import { notice, Outlet } from './outlet.ts'
import { readConfig, readNotices } from './reader-config.ts'
import type { RoundsOut } from './rounds.ts'
import { aiSpecEnd, rospecEvent } from './spec-events.ts'
import { AccessTable, RospecTable } from './spec-tables.ts'
import { BadField, NotEnabled } from './specs.ts'
import { Versions, v11 } from './versions.ts'

/** Keepalives that may stay unanswered. */
const missedKeepalives = 3

export interface ReaderOptions {
  readonly model: ReaderModel
  readonly clock: Clock
  readonly rng: Rng
  readonly send: (bytes: Buffer) => void
  /** The reader ends the connection. */
  readonly hangUp: () => void
}

export class LlrpReader {
  readonly field: Field
  readonly out: Outlet
  readonly #o: ReaderOptions
  readonly #rospecs: RospecTable
  readonly #access: AccessTable
  readonly #versions: Versions
  /** Levels of the outputs, the first at 0; what is wired to them is not this reader's business. */
  readonly outputs: boolean[]
  /** How often an output changed. */
  outputChanges = 0
  #extended = false
  #keepalive: { periodMs: number; timer: Timer | null; unanswered: number } | null = null
  /** Test fault: keepalives stop although the socket stays. */
  mute = false

  constructor(options: ReaderOptions) {
    this.#o = options
    this.field = new Field(options.clock, options.rng)
    const { brand } = options.model
    this.#versions = new Versions(brand.version)
    this.out = new Outlet(options.clock, this.#versions, options.send)
    this.#access = new AccessTable(brand.maxAccessSpecs)
    this.outputs = Array.from({ length: brand.outputs }, () => false)
    this.#rospecs = new RospecTable(options.clock, this.field, options.model, this.#roundsOut)
  }

  get version(): string {
    return this.#versions.current === v11 ? '1.1' : '1.0.1'
  }
  get active(): boolean {
    return this.#rospecs.active
  }

  connect(): void {
    this.out.connect()
    this.out.connectionEvent(0)
    this.#keepaliveNext()
  }

  /** ROSpecs go on without a client; version and vendor extensions are agreed on again on each connection. */
  disconnect(): void {
    this.out.disconnect()
    this.#versions.reset()
    this.#extended = false
    this.#keepalive?.timer?.cancel()
  }

  /** Nothing of it goes on: no round, no keepalive. */
  powerOff(): void {
    this.disconnect()
    this.#rospecs.delete(0)
  }

  handle(message: Message): void {
    if (!this.#versions.speaks(message)) {
      this.out.status(m.error, message.id, status.unsupportedVersion)
      return
    }
    const known = this.#handlers[message.type]
    if (!known) {
      this.out.status(m.error, message.id, status.unsupportedMessage, `message ${message.type}`)
      return
    }
    try {
      known.run(new ByteReader(message.body), message)
    } catch (cause) {
      this.out.status(known.reply, message.id, codeOf(cause), (cause as Error).message)
    }
  }

  readonly #handlers: Record<number, { reply: number; run: (b: ByteReader, q: Message) => void }> =
    {
      [m.getCapabilities]: {
        reply: m.getCapabilitiesResponse,
        run: (b, q) => this.#capabilities(b.u8(), q.id),
      },
      [m.getConfig]: { reply: m.getConfigResponse, run: (b, q) => this.#config(b, q.id) },
      [m.setConfig]: {
        reply: m.setConfigResponse,
        run: (b, q) => this.#ok(m.setConfigResponse, q.id, () => this.#setConfig(b)),
      },
      [m.closeConnection]: {
        reply: m.closeConnectionResponse,
        run: (_, q) => {
          this.out.status(m.closeConnectionResponse, q.id, status.ok)
          this.#o.hangUp()
        },
      },
      [m.getReport]: {
        reply: m.error,
        run: () => this.#rospecs.flush(),
      },
      [m.enableEventsAndReports]: { reply: m.error, run: () => this.out.enable() },
      [m.keepaliveAck]: {
        reply: m.error,
        run: () => {
          if (this.#keepalive) this.#keepalive.unanswered = 0
        },
      },
      [m.getSupportedVersion]: { reply: m.error, run: (_, q) => this.#supported(q.id) },
      [m.setProtocolVersion]: { reply: m.error, run: (b, q) => this.#setVersion(b.u8(), q.id) },
      [m.custom]: { reply: m.error, run: (b, q) => this.#custom(b, q.id) },
      ...this.#specHandlers(),
    }

  #specHandlers() {
    const each = (type: number, run: (b: ByteReader, body: Buffer) => void) => ({
      [type]: {
        reply: type + 10,
        run: (b: ByteReader, q: Message) => this.#ok(type + 10, q.id, () => run(b, q.body)),
      },
    })
    const list = (type: number, each: (w: ByteWriter) => void) => ({
      [type]: {
        reply: type + 10,
        run: (_: ByteReader, q: Message) => this.#list(type + 10, q.id, each),
      },
    })
    return {
      ...each(m.addRospec, (b, body) => this.#rospecs.add(b, body, this.#extended)),
      ...each(m.deleteRospec, (b) => this.#rospecs.delete(b.u32())),
      ...each(m.enableRospec, (b) => this.#rospecs.enable(b.u32(), true)),
      ...each(m.disableRospec, (b) => this.#rospecs.enable(b.u32(), false)),
      ...each(m.startRospec, (b) => this.#rospecs.start(b.u32())),
      ...each(m.stopRospec, (b) => this.#rospecs.stop(b.u32())),
      ...list(m.getRospecs, (w) => this.#rospecs.list(w)),
      ...each(m.addAccessSpec, (b, body) => this.#access.add(b, body)),
      ...each(m.deleteAccessSpec, (b) => this.#access.delete(b.u32())),
      ...each(m.enableAccessSpec, (b) => this.#access.enable(b.u32(), true)),
      ...each(m.disableAccessSpec, (b) => this.#access.enable(b.u32(), false)),
      ...list(m.getAccessSpecs, (w) => this.#access.list(w)),
    }
  }

  #ok(reply: number, id: number, act: () => void): void {
    act()
    this.out.status(reply, id, status.ok)
  }

  #capabilities(requested: number, id: number): void {
    if (requested > 4) throw new BadField(`RequestedData ${requested}`)
    const w = new ByteWriter()
    statusParameter(status.ok, '')(w)
    const wants = (n: number) => requested === 0 || requested === n
    const { model } = this.#o
    const { current } = this.#versions
    if (wants(1)) generalCapabilities(w, model, current)
    if (wants(2)) llrpCapabilities(w, model.brand)
    if (wants(3)) regulatoryCapabilities(w, model.brand)
    if (wants(4)) airProtocolCapabilities(w, current)
    this.out.respond(m.getCapabilitiesResponse, id, w.done())
  }

  #config(b: ByteReader, id: number): void {
    const w = new ByteWriter()
    statusParameter(status.ok, '')(w)
    readConfig(w, b, {
      model: this.#o.model,
      outputs: this.outputs,
      rospecs: this.#rospecs.size,
      keepaliveMs: this.#keepalive?.periodMs ?? 0,
      holds: this.out.holds,
    })
    this.out.respond(m.getConfigResponse, id, w.done())
  }

  #supported(id: number): void {
    const { current, highest } = this.#versions
    const w = new ByteWriter().u8(current).u8(highest)
    statusParameter(status.ok, '')(w)
    this.out.respond(m.getSupportedVersionResponse, id, w.done(), v11)
  }

  #setVersion(version: number, id: number): void {
    const code = this.#versions.set(version) ? status.ok : status.unsupportedVersion
    this.out.status(m.setProtocolVersionResponse, id, code, '', v11)
  }

  #setConfig(b: ByteReader): void {
    const restore = (b.u8() & 0x80) !== 0
    const parameters = b.parameters()
    if (restore) {
      this.#rospecs.delete(0)
      this.#access.delete(0)
      this.out.holds = false
      this.out.unsubscribe()
    }
    for (const { type, body } of parameters) {
      if (type === 244) for (const n of readNotices(body)) this.out.subscribe(n.type, n.on)
      if (type === 220) this.#setKeepalive(body.u8() === 1 ? body.u32() : 0)
      if (type === 226) this.out.holds = (body.u8() & 0x80) !== 0
      if (type === 219) this.#setOutput(body.u16(), (body.u8() & 0x80) !== 0)
    }
  }

  #setOutput(port: number, high: boolean): void {
    if (port < 1 || port > this.outputs.length)
      throw new BadField(`invalid GPOPortNumber (${port})`)
    if (this.outputs[port - 1] !== high) this.outputChanges++
    this.outputs[port - 1] = high
  }

  #setKeepalive(periodMs: number): void {
    this.#keepalive?.timer?.cancel()
    this.#keepalive = periodMs > 0 ? { periodMs, timer: null, unanswered: 0 } : null
    this.#keepaliveNext()
  }

  #keepaliveNext(): void {
    const k = this.#keepalive
    if (!k || !this.out.connected) return
    k.timer?.cancel()
    k.timer = this.#o.clock.after(ms(k.periodMs), () => {
      if (k.unanswered >= missedKeepalives) {
        k.unanswered = 0
        this.#o.hangUp()
        return
      }
      if (!this.mute) {
        k.unanswered++
        this.out.keepalive()
      }
      this.#keepaliveNext()
    })
  }

  #custom(b: ByteReader, id: number): void {
    const vendor = b.u32()
    const subtype = b.u8()
    if (vendor !== impinj || subtype !== 21 || this.#o.model.brand.manufacturer !== impinj) {
      this.out.status(m.error, id, status.unsupportedMessage, `custom message ${vendor}/${subtype}`)
      return
    }
    this.#extended = true
    const w = new ByteWriter().u32(impinj).u8(22)
    statusParameter(status.ok, '')(w)
    this.out.respond(m.custom, id, w.done())
  }

  #list(reply: number, id: number, list: (w: ByteWriter) => void): void {
    const w = new ByteWriter()
    statusParameter(status.ok, '')(w)
    list(w)
    this.out.respond(reply, id, w.done())
  }

  readonly #roundsOut: RoundsOut = {
    report: (spec, reads) => this.out.report(spec, reads, this.#access.for(spec.id)),
    rospecEvent: (spec, type) => this.out.notify(notice.rospec, rospecEvent(spec.id, type)),
    aiSpecEnd: (spec) => this.out.notify(notice.aiSpec, aiSpecEnd(spec.id)),
    listening: () => this.out.flows,
  }
}

function codeOf(cause: unknown): number {
  if (cause instanceof Malformed) return status.parameterError
  if (cause instanceof BadField) return status.fieldError
  if (cause instanceof NotEnabled) return status.unsupportedParameter
  return status.deviceError
}
