import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health, type HealthView } from '../link/health.ts'
import { Findings } from './findings.ts'
import { MqttLink } from './mqtt-link.ts'
import type { ReaderSettings } from './reader-settings.ts'
import { RoundSpan } from './round-span.ts'
import type { Note, Said } from './said.ts'

/** How much of a bad message is kept. */
export const evidenceBytes = 256
/** How often silence and old findings are looked at. */
const lookMs = 5_000

export interface ReaderOptions {
  device: ReaderSettings
  deps: DriverDeps
  io: DriverIo
  /** What a message says; it never throws. */
  understand(payload: Uint8Array): Said
}

/** One RFID reader whose messages come through a broker. */
export class MqttReader implements Driver {
  readonly #o: ReaderOptions
  readonly #clock: Clock
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #findings: Findings
  readonly #link: MqttLink
  readonly #rounds: RoundSpan
  readonly #lostAntennas = new Set<number>()
  /** Why nothing is known of the reader; null while the broker carries its messages. */
  #brokerLost: string | null = 'not connected yet'
  #lostAtMs: number | null = null
  /** Wall milliseconds of its last live message on this connection that was understood. */
  #heardMs: number | null = null
  #heardMono: number
  #away = false
  #idleSinceMs: number | null = null
  /** Its last word was that it reads. */
  #runs = false
  #retained = 0
  #look: Timer | null = null

  constructor(options: ReaderOptions) {
    const { device, deps, io } = options
    this.#o = options
    this.#clock = deps.clock
    this.#heardMono = deps.clock.mono()
    this.#bad = new BadFrames(deps.clock, deps.log, evidenceBytes)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#findings = new Findings(deps.clock)
    this.#rounds = new RoundSpan(deps.clock, (round) =>
      // Which antennas were asked it does not say.
      deps.emit({ kind: 'round', device: device.id, antennas: [], ...round }),
    )
    const { availability } = device
    this.#link = new MqttLink({
      deps,
      io,
      broker: device.broker,
      clientId: device.broker.clientId ?? `lantai-${device.id}`,
      filters: [device.topic, ...(availability ? [availability.topic] : [])],
      message: (topic, payload, retained) => this.#hear(topic, payload, retained),
      tooLarge: (topic, bytes, evidence) => {
        this.#bad.note(evidence, `a message of ${bytes} bytes is not taken in`, { topic })
        this.#findings.fruitless()
        this.#tell()
      },
      up: () => this.#up(),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    this.#link.start()
    this.#lookAgain()
  }
  async [Symbol.asyncDispose]() {
    this.#look?.cancel()
    await this.#link.stop()
  }

  #lookAgain() {
    this.#look = this.#clock.after(millis(lookMs), () => {
      this.#tell()
      this.#lookAgain()
    })
  }

  /** Nobody kept what the reader said meanwhile: the session is clean on purpose. */
  #up() {
    this.#brokerLost = null
    this.#heardMono = this.#clock.mono()
    if (this.#lostAtMs !== null) this.#hole('observation-hole', this.#lostAtMs, null)
    this.#lostAtMs = null
    this.#tell()
  }

  #down(reason: string) {
    const wasUp = this.#brokerLost === null
    this.#brokerLost = reason
    if (wasUp) this.#lostAtMs = this.#heardMs ?? this.#clock.now()
    this.#heardMs = null
    this.#rounds.lost()
    this.#tell()
  }

  #hear(topic: string, payload: Buffer, retained: boolean) {
    const { availability } = this.#o.device
    if (topic === availability?.topic) {
      this.#available(payload.toString('utf8', 0, evidenceBytes), retained)
      return
    }
    if (retained) {
      // Said at a time that nobody knows: never a live read.
      this.#retained += 1
      this.#o.deps.log.debug({ topic, count: this.#retained }, 'retained message not taken')
      return
    }
    const said = this.#o.understand(payload)
    if (said.reads.length + said.notes.length > 0) this.#back()
    // A message counts once, however many parts of it are bad.
    const [why] = said.bad
    if (why !== undefined) this.#bad.note(payload, why, { topic, parts: said.bad.length })
    for (const note of said.notes) this.#note(note)
    if (said.reads.length > 0) {
      this.#findings.fruitful()
      this.#rounds.heard(said.reads.map((r) => r.epc))
      this.#o.deps.emit({ kind: 'tags', device: this.#o.device.id, reads: said.reads })
    } else if (said.notes.length === 0) this.#findings.fruitless()
    this.#heardMono = this.#clock.mono()
    if (said.reads.length + said.notes.length > 0) this.#heardMs = this.#clock.now()
    this.#tell()
  }

  /** A retained `offline` is believed until the reader speaks, a retained `online` never. */
  #available(text: string, retained: boolean) {
    const { availability } = this.#o.device
    if (text.includes(availability?.offline ?? 'offline')) this.#away = true
    else if (!retained) {
      this.#back()
      this.#heardMs = this.#clock.now()
      this.#heardMono = this.#clock.mono()
    }
    this.#tell()
  }

  /** It speaks. Where it was away before, nobody read meanwhile. */
  #back() {
    const { silentAfterMs } = this.#o.device
    const silentMs = this.#clock.mono() - this.#heardMono
    const wasSilent = silentAfterMs !== undefined && silentMs >= silentAfterMs
    if ((this.#away || wasSilent) && this.#heardMs !== null) {
      this.#hole('observation-hole', this.#heardMs, null)
      // Told already: its word that it reads is no second hole.
      this.#runs = false
      this.#rounds.lost()
    }
    this.#away = false
  }

  #note(note: Note) {
    const now = this.#clock.now()
    switch (note.kind) {
      case 'antenna':
        if (note.connected) this.#lostAntennas.delete(note.antenna)
        else {
          this.#lostAntennas.add(note.antenna)
          this.#rounds.trouble('antenna')
        }
        this.#findings.set('antennas', antennasText(this.#lostAntennas))
        break
      case 'reading':
        this.#reading(note.on, note.why)
        break
      case 'armed':
        this.#armed()
        break
      case 'overflow':
        this.#hole('reader-overflow', this.#heardMs ?? now, null)
        break
      case 'missing':
        this.#hole('observation-hole', this.#heardMs ?? now, note.count)
        break
      case 'restarted':
        this.#hole('observation-hole', this.#heardMs ?? now, null)
        break
      case 'known':
        break
    }
  }

  #reading(on: boolean, why: string) {
    this.#findings.set('reading', on ? null : `the reader does not read (${why})`)
    if (!on) this.#idleSinceMs ??= this.#clock.now()
    else if (this.#idleSinceMs !== null) {
      this.#hole('observation-hole', this.#idleSinceMs, null)
      this.#idleSinceMs = null
    } else if (this.#runs && this.#heardMs !== null) {
      // It began to read though it had not said that it stopped: it started anew.
      this.#hole('observation-hole', this.#heardMs, null)
    }
    this.#runs = on
    if (on) this.#rounds.started()
    else this.#rounds.stopped()
  }

  /** That it starts again when its trigger comes is no restart. */
  #armed() {
    this.#rounds.armed()
    this.#findings.set('reading', null)
    if (this.#idleSinceMs !== null) this.#hole('observation-hole', this.#idleSinceMs, null)
    this.#idleSinceMs = null
    this.#runs = false
  }

  #hole(reason: 'reader-overflow' | 'observation-hole', fromMs: number, count: number | null) {
    const toMs = this.#clock.now()
    this.#rounds.trouble(reason === 'reader-overflow' ? 'overflow' : 'gap')
    this.#findings.lost(fromMs, toMs, count)
    const counted = count === null ? {} : { count }
    this.#o.deps.emit({
      kind: 'hole',
      device: this.#o.device.id,
      reason,
      fromMs,
      toMs,
      ...counted,
    })
  }

  #tell() {
    this.#health.tell(this.#view())
  }
  #view(): HealthView {
    if (this.#brokerLost !== null)
      return { state: 'offline', detail: `broker: ${this.#brokerLost}` }
    if (this.#away) return { state: 'offline', detail: 'the reader is offline, says the broker' }
    const { silentAfterMs } = this.#o.device
    const silentMs = this.#clock.mono() - this.#heardMono
    if (silentAfterMs !== undefined && silentMs >= silentAfterMs)
      return { state: 'offline', detail: `nothing heard for ${silentAfterMs / 1000} s` }
    const { detail } = this.#findings
    if (detail !== null) return { state: 'degraded', detail }
    if (this.#heardMs === null)
      return { state: 'unknown', detail: 'subscribed; nothing understood from the reader yet' }
    return { state: 'online', detail: null }
  }
}

const antennasText = (lost: ReadonlySet<number>): string | null =>
  lost.size > 0 ? `antenna ${[...lost].sort((a, b) => a - b).join(', ')} disconnected` : null
