import type { KeyObject } from 'node:crypto'
import {
  Ack,
  type BankReport,
  Command,
  type CommandTransition,
  type ContactNow,
  contractVersion,
  DesiredConfig,
  type DeviceAnswer,
  DeviceAsk,
  type DeviceHealth,
  type GatewayState,
  type Live,
  millis,
  Reject,
  type ReportedConfig,
  Roster,
  seconds,
  type Tick,
  topics,
  Witness,
} from '@lantai/contracts'
import type { Logger } from '../core/log.ts'
import { every, type QualifiedClock } from '../core/system-clock.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { Link } from './link.ts'
import { Nonces } from './nonces.ts'
import type { RosterKeeper } from './roster.ts'
import { Sender } from './sender.ts'
import { openSigned, parse, readTolerantly } from './signed.ts'
import { Silence } from './silence.ts'
import type { WitnessKeeper } from './witness.ts'

export interface UplinkDeps {
  site: string
  gateway: string
  boot: string
  software: string
  /** What runs, for the birth. */
  config(): { version: number; sha256: string }
  /** The parts of `cfg/reported`. */
  reportParts(): ReportedConfig[]
  /** A device list whose signature and addressee are right. */
  desired(config: DesiredConfig): void
  /** Something asked of a device; `nonceUntil` is null when its nonce is not ours. Null: it was answered before. */
  ask(ask: DeviceAsk, nonceUntil: number | null): Promise<DeviceAnswer | null>
  mqtt: { url: string; ca: string; cert: string; key: string }
  commandKey: KeyObject
  clock: QualifiedClock
  log: Logger
  outbox: Outbox
  roster: RosterKeeper
  witness: WitnessKeeper
  health(): DeviceHealth[]
  fire(): Pick<Tick, 'fire' | 'fireLatched'>
  contacts(): ContactNow[]
  banks(): BankReport[]
  moving(): boolean
  /** A command whose signature and addressee are right; `nonceUntil` is null when its nonce is not ours. */
  command(command: Command, nonceUntil: number | null): void
  /** The server's wall clock and the contract that it speaks, as an ack brought them now. */
  served(serverMs: number, contract: number | undefined): void
  counted(what: 'sent' | 'rejected' | 'refused-message', n: number, label: string): void
}

/** The one conversation with the server (devices 2): facts up, acks, commands and rosters down. */
export class Uplink {
  readonly #deps: UplinkDeps
  readonly #topics: ReturnType<typeof topics>
  readonly #link: Link
  readonly #sender: Sender
  readonly #nonces: Nonces
  readonly #silence: Silence
  readonly #timers: { cancel(): void }[] = []
  #lastAckAt: number | null = null
  #turn = 0
  #consoleUrl: string | null = null

  constructor(deps: UplinkDeps) {
    this.#deps = deps
    this.#topics = topics(deps.site, deps.gateway)
    this.#nonces = new Nonces(deps.clock)
    this.#silence = new Silence(deps.clock)
    const { url, ...tls } = deps.mqtt
    this.#link = new Link(
      {
        url,
        clientId: deps.gateway,
        tls,
        subscribe: this.#topics.maySubscribe,
        will: (conn) => this.#death(conn),
      },
      { up: () => this.#up(), down: () => this.#down(), message: (t, p, r) => this.#hear(t, p, r) },
      deps.clock,
      deps.log,
    )
    this.#sender = new Sender({
      outbox: deps.outbox,
      clock: deps.clock,
      source: `lantai:${deps.site}/${deps.gateway}`,
      publish: (lane, payload) => this.#link.publish(this.#topics.up(lane), payload, 1),
      newEpoch: () => this.#birth(),
      sent: (lane, items) => deps.counted('sent', items, lane),
    })
  }

  start(consoleUrl: string | null) {
    this.#consoleUrl = consoleUrl
    this.#deps.outbox.onChange(() => this.#sender.kick())
    this.#link.start()
    this.#timers.push(every(this.#deps.clock, seconds(1), () => this.#everySecond()))
    this.#timers.push(every(this.#deps.clock, millis(200), () => this.#mirror()))
  }

  /** When the server last acknowledged, on the monotonic clock; and whether the link stands. */
  state(): { up: boolean; lastAckAt: number | null } {
    return { up: this.#link.up, lastAckAt: this.#lastAckAt }
  }

  /** Live screens only; the record of it is in the custody lane. */
  tell(transition: CommandTransition) {
    this.#link.publish(this.#topics.res(transition.command), JSON.stringify(transition), 1)
  }

  /** What the birth says has changed. */
  announce() {
    if (this.#link.up) this.#birth()
  }

  /** A device list was judged, or is known already. No birth: the server answers one with what it wants. */
  reportConfig() {
    if (this.#link.up) this.#reportParts()
  }

  #reportParts() {
    for (const part of this.#deps.reportParts())
      this.#link.publish(this.#topics.cfgReported, JSON.stringify(part), 1)
  }

  async stop() {
    for (const t of this.#timers) t.cancel()
    await this.#link.stop(this.#death(this.#link.conn))
  }

  #death(conn: number) {
    const body: GatewayState = { online: false, boot: this.#deps.boot, conn }
    return { topic: this.#topics.state, payload: JSON.stringify(body) }
  }

  /** Announced after every reconnect (G8). */
  #birth() {
    const d = this.#deps
    const { epoch, lanes } = d.outbox.status()
    const body: GatewayState = {
      online: true,
      boot: d.boot,
      conn: this.#link.conn,
      epoch,
      software: d.software,
      contract: contractVersion,
      configHash: d.config().sha256,
      configVersion: d.config().version,
      clock: d.clock.quality(),
      ...(this.#consoleUrl ? { consoleUrl: this.#consoleUrl } : {}),
      devices: d.health(),
      alarmSeq: lanes.alarm.last,
      witnessedSize: d.witness.size(),
    }
    this.#link.publish(this.#topics.state, JSON.stringify(body), 1, true)
  }

  #up() {
    this.#silence.heard()
    this.#sender.linkUp()
    this.#birth()
    this.#reportParts()
    this.#everySecond()
  }
  #down() {
    this.#nonces.linkLost()
    this.#sender.linkDown()
  }

  #everySecond() {
    if (!this.#link.up) return
    const { lanes } = this.#deps.outbox.status()
    if (this.#silence.tooLong(Object.values(lanes).some((l) => l.count > 0)))
      return this.#link.renew('nothing is heard through the broker')
    const oldest = Object.values(lanes).flatMap((l) => (l.oldestAt === null ? [] : [l.oldestAt]))
    const tick: Tick = {
      boot: this.#deps.boot,
      nonce: this.#nonces.issue(),
      backlog: {
        alarm: lanes.alarm.count,
        custody: lanes.custody.count,
        reads: lanes.reads.count,
        telemetry: lanes.telemetry.count,
      },
      oldestUnsentMs:
        oldest.length > 0 ? Math.max(0, this.#deps.clock.now() - Math.min(...oldest)) : null,
      ...this.#deps.fire(),
      contacts: this.#deps.contacts(),
    }
    this.#link.publish(this.#topics.tick, JSON.stringify(tick), 0)
    this.#sender.tick()
  }

  /** At most five a second while something moves, else one. */
  #mirror() {
    this.#turn++
    if (!this.#link.up || (this.#turn % 5 !== 0 && !this.#deps.moving())) return
    const live: Live = { boot: this.#deps.boot, banks: this.#deps.banks() }
    this.#link.publish(this.#topics.live, JSON.stringify(live), 0)
  }

  #hear(topic: string, payload: Buffer, retained: boolean) {
    const t = this.#topics
    this.#silence.heard()
    if (topic === t.ack) return this.#heardAck(payload)
    if (topic === t.reject) return this.#heardReject(payload)
    if (topic === t.roster) return this.#heardRoster(payload)
    if (topic === t.witness) return this.#heardWitness(payload)
    if (topic === t.cfgDesired) return this.#heardDesired(payload)
    if (topic.startsWith(t.ask(''))) return this.#heardAsk(topic, payload, retained)
    if (topic.startsWith(t.cmd(''))) return this.#heardCommand(topic, payload, retained)
    this.#refuse('topic', topic)
  }

  #refuse(why: string, topic: string) {
    this.#deps.counted('refused-message', 1, why)
    this.#deps.log.warn({ why, topic }, 'message refused')
  }

  #heardAck(payload: Buffer) {
    const ack = readTolerantly(Ack, parse(payload))
    if (!ack) return this.#refuse('edge-schema', this.#topics.ack)
    this.#lastAckAt = this.#deps.clock.mono()
    this.#deps.served(Date.parse(ack.serverTime), ack.contract)
    void this.#sender.ack(ack)
  }

  /** Quarantined by the server: the cursor passes them, and here they are named (D11). */
  #heardReject(payload: Buffer) {
    const reject = readTolerantly(Reject, parse(payload))
    if (!reject) return this.#refuse('edge-schema', this.#topics.reject)
    for (const r of reject.rejected) {
      this.#deps.counted('rejected', 1, r.code)
      this.#deps.log.error({ seq: r.seq, lane: r.lane, code: r.code, detail: r.detail }, 'rejected')
    }
  }

  #heardRoster(payload: Buffer) {
    const opened = openSigned(payload, this.#deps.commandKey, Roster, 'tolerant')
    if (!opened.ok) return this.#refuse(opened.code, this.#topics.roster)
    const put = this.#deps.roster.accept(opened.body)
    if (put) void this.#deps.outbox.append([], [put])
  }

  #heardWitness(payload: Buffer) {
    const message = readTolerantly(Witness, parse(payload))
    if (!message) return this.#refuse('edge-schema', this.#topics.witness)
    const { answer, put } = this.#deps.witness.judge(message)
    if (!answer.ok) this.#deps.log.error({ detail: answer.detail }, 'checkpoint refused')
    // L6: it is kept when it is on disk, and said to be kept only then.
    const kept = put ? this.#deps.outbox.append([], [put]) : Promise.resolve()
    void kept.then(() => this.#link.publish(this.#topics.witnessed, JSON.stringify(answer), 1))
  }

  #heardDesired(payload: Buffer) {
    const opened = openSigned(payload, this.#deps.commandKey, DesiredConfig, 'tolerant')
    if (!opened.ok) return this.#refuse(opened.code, this.#topics.cfgDesired)
    if (opened.body.gateway !== this.#deps.gateway)
      return this.#refuse('other-addressee', this.#topics.cfgDesired)
    this.#deps.desired(opened.body)
  }

  #heardAsk(topic: string, payload: Buffer, retained: boolean) {
    if (retained) return this.#refuse('retained', topic)
    const opened = openSigned(payload, this.#deps.commandKey, DeviceAsk)
    if (!opened.ok) return this.#refuse(opened.code, topic)
    const ask = opened.body
    if (ask.gateway !== this.#deps.gateway || topic !== this.#topics.ask(ask.id))
      return this.#refuse('other-addressee', topic)
    const answered = this.#deps.ask(ask, this.#nonces.validUntil(ask.nonce))
    void answered.then((answer) => {
      if (answer) this.#link.publish(this.#topics.res(ask.id), JSON.stringify(answer), 1)
    })
  }

  #heardCommand(topic: string, payload: Buffer, retained: boolean) {
    // A retained command would run again at every reconnect: never, whoever signed it (devices 2).
    if (retained) return this.#refuse('retained', topic)
    const opened = openSigned(payload, this.#deps.commandKey, Command)
    if (!opened.ok) return this.#refuse(opened.code, topic)
    const c = opened.body
    if (c.gateway !== this.#deps.gateway || topic !== this.#topics.cmd(c.id))
      return this.#refuse('other-addressee', topic)
    this.#deps.command(c, this.#nonces.validUntil(c.nonce))
  }
}
