import { millis } from '@lantai/contracts'
import type { Driver, DriverDeps } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { OpcUaKeeper } from '../opcua/keeper.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import { type FoundReader, findReader } from './find.ts'
import type { OpcUaAutoId } from './kind.ts'
import { LossySpan } from './lossy.ts'
import { ensureScanning, stopScan } from './scan.ts'
import { Source } from './source.ts'

/** The reader is asked this often whether it still scans. */
const lookEveryMs = 2000
const lossyText =
  'lossy: only its last scan is to be had; of reads in quick succession some are lost'

/** One RFID reader behind OPC UA AutoID. It scans; tag memory is never read, written, locked or killed. */
class AutoIdDriver implements Driver {
  readonly #device: OpcUaAutoId
  readonly #deps: DriverDeps
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #keeper: OpcUaKeeper
  readonly #lossy: LossySpan
  /** Since when nobody can say what passed; null while the reader is known to scan, and before it first did. */
  #blindSinceMs: number | null = null
  #lastReadMs: number | null = null
  #ours: { session: OpcUaSession; reader: FoundReader } | null = null

  constructor(device: OpcUaAutoId, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#lossy = new LossySpan(deps.clock, (from, to) => this.#hole('observation-hole', from, to))
    this.#keeper = new OpcUaKeeper({
      server: device.server,
      deps,
      io,
      serve: (session, up) => this.#serve(session, up),
      down: (reason, news) => this.#health.tell({ state: 'offline', detail: reason, news }),
    })
  }

  start() {
    this.#keeper.start()
  }

  /** What we started we stop, so that no reader radiates for a gateway that is gone. */
  async [Symbol.asyncDispose]() {
    const ours = this.#ours
    if (ours?.session.alive) await stopScan(ours.session, ours.reader)
    this.#lossy.end()
    await this.#keeper.stop()
  }

  async #serve(session: OpcUaSession, up: () => void) {
    const reader = await findReader(session, this.#device.reader)
    if (!reader) return
    this.#health.setFirmware(reader.softwareRevision)
    const source = this.#source(reader)
    // Heard first, then started: what is scanned before is lost.
    if (!(await source.open(session))) {
      session.end('the reader gives neither scan events nor its last scan')
      return
    }
    await this.#watch(session, reader, source, up)
    this.#ours = null
    this.#lossy.end()
  }

  async #watch(session: OpcUaSession, reader: FoundReader, source: Source, up: () => void) {
    let asked = false
    let knownMs: number | null = null
    while (session.alive) {
      const state = await ensureScanning(session, reader, asked)
      if (!state) break
      const now = this.#deps.clock.now()
      if (state.started) {
        asked = true
        this.#ours = { session, reader }
        // It did not scan when it was looked at: nothing is known since the look before.
        this.#blindSinceMs ??= knownMs
      }
      if (state.scanning) {
        knownMs = now
        up()
        this.#sees()
      } else this.#blindSinceMs ??= knownMs
      const detail = state.detail ?? (source.lossy ? lossyText : null)
      this.#health.tell(this.#keeper.health(detail))
      await session.pause(millis(lookEveryMs))
    }
    this.#blindSinceMs ??= knownMs
  }

  #source(reader: FoundReader): Source {
    const { emit, clock } = this.#deps
    const device = this.#device.id
    return new Source(reader, {
      reads: (reads, from) => {
        this.#lastReadMs = clock.now()
        if (from === 'last') this.#lossy.read()
        emit({ kind: 'tags', device, reads })
      },
      bad: ({ bytes, why }) => this.#bad.note(bytes, why),
      overflow: () => this.#hole('reader-overflow', this.#lastReadMs ?? clock.now(), clock.now()),
    })
  }

  #sees() {
    if (this.#blindSinceMs !== null)
      this.#hole('observation-hole', this.#blindSinceMs, this.#deps.clock.now())
    this.#blindSinceMs = null
  }

  #hole(reason: 'reader-overflow' | 'observation-hole', fromMs: number, toMs: number) {
    this.#deps.emit({ kind: 'hole', device: this.#device.id, reason, fromMs, toMs })
  }
}

export const createAutoIdDriver = (
  device: OpcUaAutoId,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new AutoIdDriver(device, deps, io)
