import { seconds } from '@lantai/contracts'
import type { Driver, DriverDeps, IdentifyAnswer, TagRead } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { Health } from '../link/health.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { Attempt } from './attempt.ts'
import { blink } from './blink.ts'
import type { Capabilities } from './capabilities.ts'
import type { Message } from './frames.ts'
import type { LlrpReader } from './kind.ts'
import { find, findAll, type Parameter } from './parameters.ts'
import { antennasOf, type Plan } from './plan.ts'
import { ourROSpec } from './rospec.ts'
import { type ReaderTime, RoundWatch } from './round-watch.ts'
import { openReader } from './secure.ts'
import { LlrpSession } from './session.ts'
import { type StartUp, startUp } from './start-up.ts'
import { tagRead } from './tag-read.ts'

type Reader = LlrpReader

const heldAfterTries = 3
const heldByOther = 'reader held by another client'
const roSpec = { started: 0, preempted: 2 } as const
const closeWithin = seconds(2)

/** One fixed UHF reader: LLRP 1.1 or 1.0.1 over TCP or TLS. */
class LlrpDriver implements Driver {
  readonly #device: Reader
  readonly #deps: DriverDeps
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #loop: LinkLoop
  readonly #lostAntennas = new Set<number>()
  readonly #warnedAt = new Map<string, number>()
  #session: LlrpSession | null = null
  #caps: Capabilities | null = null
  #plan: Plan | null = null
  /** Of this connection; null where the reader reads without end. */
  #rounds: RoundWatch | null = null
  /** False once this reader hung up over the question whether it speaks LLRP 1.1. */
  #newer: boolean
  #reading = false
  #heldTries = 0
  #blindSinceMs: number | null = null
  #uptimeUs: bigint | null = null
  #lastReportMs: number | null = null

  constructor(device: Reader, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#newer = device.protocol !== '1.0.1'
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#loop = new LinkLoop({
      clock: deps.clock,
      open: openReader(device, io),
      random: io.random,
      serve: async (connection, up) => {
        await this.#serve(connection, up)
        return {}
      },
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    this.#loop.start()
  }

  /** Blinks what is wired to the output that the entry names; no other output is touched. */
  async identify(): Promise<IdentifyAnswer> {
    const { identifyOutput: port } = this.#device
    if (port === undefined) return 'unsupported'
    const session = this.#session
    if (!session || !this.#caps) return 'link-lost'
    if (port > this.#caps.outputs) return 'unsupported'
    return await blink(session, port)
  }

  /** Closes politely, so that the reader does not hold the connection for a client that is gone. */
  async [Symbol.asyncDispose]() {
    const session = this.#session
    if (session?.alive) {
      const deadline = this.#deps.clock.after(closeWithin, () => session.end('stopped'))
      await session.call('CLOSE_CONNECTION', {}, [], 'CLOSE_CONNECTION_RESPONSE')
      deadline.cancel()
    }
    await this.#loop.stop()
  }

  async #serve(connection: Connection, up: () => void) {
    const { clock, log } = this.#deps
    // The reader speaks first; the client sends nothing before the connection event.
    const attempt = new Attempt(clock)
    const session = new LlrpSession(connection, {
      clock,
      log,
      bad: this.#bad,
      hear: (m) => this.#hear(m, attempt),
      // Bad frames may have become many, or few again.
      keptAlive: () => this.#caps && this.#tellHealth(),
    })
    connection.onEnd(() => attempt.ended())
    this.#rounds = this.#watchRounds()
    const status = await attempt.status
    if (status !== 'accepted') {
      this.#refused(status, session)
      return
    }
    this.#heldTries = 0
    this.#session = session
    this.#reading = false
    const started = await startUp(session, { device: this.#device, log, newer: this.#newer })
    if (started.ok) {
      this.#ready(started)
      up()
      await session.ended()
      this.#blindSinceMs = session.lastHeardMs
    } else {
      if (session.unanswered === 'GET_SUPPORTED_VERSION') this.#newer = false
      session.end(started.why)
    }
    this.#rounds?.lost()
    this.#session = null
    this.#caps = null
    this.#plan = null
  }

  #watchRounds(): RoundWatch | null {
    const { rounds } = this.#device
    if (!rounds) return null
    return new RoundWatch({
      clock: this.#deps.clock,
      longestMs: rounds.longestMs,
      antennaLost: () => this.#lostAntennas.size > 0,
      tell: (round) => {
        const antennas = antennasOf(this.#plan, this.#caps)
        this.#deps.emit({ kind: 'round', device: this.#device.id, antennas, ...round })
      },
    })
  }

  #refused(status: 'held' | 'refused' | 'silent', session: LlrpSession) {
    if (status === 'held') this.#heldTries += 1
    const texts = {
      held:
        this.#heldTries >= heldAfterTries
          ? heldByOther
          : 'the reader says that another connection exists',
      refused: 'the reader refused the connection',
      silent: 'the reader accepted the connection and said nothing',
    }
    session.end(texts[status])
  }

  #ready({ caps, plan, absent }: Extract<StartUp, { ok: true }>) {
    this.#caps = caps
    this.#plan = plan
    this.#lostAntennas.clear()
    for (const antenna of absent) this.#lostAntennas.add(antenna)
    this.#health.setFirmware(caps.firmware.slice(0, 80) || null)
    if (this.#blindSinceMs !== null) this.#hole('observation-hole', this.#blindSinceMs)
    this.#blindSinceMs = null
    this.#tellHealth()
  }

  #tellHealth() {
    const lost = [...this.#lostAntennas].sort((a, b) => a - b)
    this.#health.tell(
      lost.length > 0
        ? { state: 'degraded', detail: `antenna ${lost.join(', ')} disconnected` }
        : { state: 'online', detail: null },
    )
  }

  #down(reason: string) {
    this.#health.tell({ state: 'offline', detail: reason, news: reason === heldByOther })
  }

  #hole(reason: 'reader-overflow' | 'observation-hole', fromMs: number) {
    const toMs = this.#deps.clock.now()
    this.#deps.emit({ kind: 'hole', device: this.#device.id, reason, fromMs, toMs })
  }

  #hear(m: Message, attempt: Attempt) {
    if (m.name === 'RO_ACCESS_REPORT') this.#report(m)
    else if (m.name === 'READER_EVENT_NOTIFICATION') {
      const data = find(m.params, 'ReaderEventNotificationData')
      if (data) this.#event(data.params, attempt)
    } else if (m.name === 'ERROR_MESSAGE') {
      this.#warn('reader error', { status: find(m.params, 'LLRPStatus')?.values.code })
    } else this.#deps.log.debug({ message: m.name, id: m.id }, 'nobody asked for this')
  }

  #report(m: Message<'RO_ACCESS_REPORT'>) {
    const reads: TagRead[] = []
    for (const data of findAll(m.params, 'TagReportData')) {
      const read = tagRead(data, this.#caps?.channels ?? null)
      if (read) reads.push(read)
      else this.#bad.note(new Uint8Array(0), 'a tag report without an EPC of whole words')
    }
    this.#lastReportMs = this.#deps.clock.now()
    this.#rounds?.heard(reads.map((r) => r.epc))
    if (reads.length > 0) this.#deps.emit({ kind: 'tags', device: this.#device.id, reads })
  }

  #event(params: readonly Parameter[], attempt: Attempt) {
    const at: ReaderTime = {
      utcUs: find(params, 'UTCTimestamp')?.values.us,
      uptimeUs: find(params, 'Uptime')?.values.us,
    }
    this.#watchUptime(at.uptimeUs)
    for (const p of params) this.#one(p, at, attempt)
  }

  #one(p: Parameter, at: ReaderTime, attempt: Attempt) {
    switch (p.name) {
      case 'ConnectionAttemptEvent':
        this.#rounds?.connected(at)
        attempt.heard(p.values.status)
        break
      case 'ConnectionCloseEvent':
        this.#session?.end('the reader closed the connection')
        break
      case 'ReportBufferOverflowErrorEvent':
        this.#rounds?.trouble('overflow')
        this.#hole('reader-overflow', this.#lastReportMs ?? this.#deps.clock.now())
        break
      case 'ReportBufferLevelWarningEvent':
        this.#rounds?.trouble('buffer')
        this.#warn('the reader buffer fills', { percent: p.values.percent })
        break
      case 'ReaderExceptionEvent':
        this.#rounds?.trouble('exception')
        this.#warn('reader exception', { message: p.values.message.slice(0, 200) })
        break
      case 'AntennaEvent':
        this.#antenna(p.values.antenna, p.values.type !== 0)
        break
      case 'ROSpecEvent':
        if (p.values.id === ourROSpec) this.#roSpec(p.values.type, at)
        break
      case 'AISpecEvent':
        if (p.values.roSpecId === ourROSpec) this.#rounds?.aiSpecEnded(at)
        break
      default:
    }
  }

  #antenna(antenna: number, connected: boolean) {
    if (connected) this.#lostAntennas.delete(antenna)
    else {
      this.#lostAntennas.add(antenna)
      this.#rounds?.trouble('antenna')
    }
    if (this.#caps) this.#tellHealth()
  }

  /**
   * Ours has no stop trigger, unless it reads in rounds: whoever ended it, reads no longer come. An end before its
   * start is that of an earlier ROSpec that we deleted; the reader held the event until reports were enabled.
   */
  #roSpec(type: number, at: ReaderTime) {
    if (this.#rounds) {
      if (type === roSpec.started) this.#rounds.started(at)
      else this.#rounds.roSpecEnded(at, type === roSpec.preempted ? 'another' : 'itself')
    } else if (type === roSpec.started) this.#reading = true
    else if (this.#reading) this.#session?.end('the reader stopped reading')
  }

  /** Once a minute of each kind: a reader may say the same thing a thousand times. */
  #warn(text: string, fields: object) {
    const now = this.#deps.clock.mono()
    const last = this.#warnedAt.get(text)
    if (last !== undefined && now - last < 60_000) return
    this.#warnedAt.set(text, now)
    this.#deps.log.warn(fields, text)
  }

  /** Uptime going back is a restart: everything that we configured is gone. */
  #watchUptime(us: bigint | undefined) {
    if (us === undefined) return
    const before = this.#uptimeUs
    this.#uptimeUs = us
    if (before === null || us >= before) return
    this.#deps.log.warn({}, 'the reader restarted')
    if (this.#caps) this.#session?.end('the reader restarted')
  }
}

export const createLlrpDriver = (
  device: Reader,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new LlrpDriver(device, deps, io)
