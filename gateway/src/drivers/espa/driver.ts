import { millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps, InputReport } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { Health } from '../link/health.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { Calls } from './calls.ts'
import { readBlock } from './frames.ts'
import type { EspaPanel } from './kind.ts'
import { EspaLine } from './line.ts'

/** An unchanged state is repeated, so that its age can be judged (S1: two seconds). */
const repeatMs = 400
const badInARow = 3
const longestText = 80
export const defaultSettleMs = 10_000

/**
 * Listens to a fire panel. Read-only: no reset, silence or test exists here (devices 3.7). A call that stands is kept
 * over a lost link, so that nothing is forgotten with a cable.
 */
class EspaDriver implements Driver {
  readonly #device: EspaPanel
  readonly #deps: DriverDeps
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #loop: LinkLoop
  readonly #calls: Calls
  readonly #told = new Map<string, { state: InputReport; at: number; text: string | undefined }>()
  #tick: Timer | null = null
  /** When the panel spoke last, or the line was opened; null while it is closed. */
  #since: number | null = null
  #linkedAt: number | null = null
  #connection: Connection | null = null
  #badBlocks = 0
  #up: () => void = () => undefined

  constructor(device: EspaPanel, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#calls = new Calls(device.points, device.reset)
    const { line } = device
    this.#loop = new LinkLoop({
      clock: deps.clock,
      open: line.transport === 'tcp' ? io.tcp(line.host, line.port) : io.serial(line),
      random: io.random,
      serve: async (connection, up) => {
        this.#up = up
        this.#since = deps.clock.mono()
        this.#connection = connection
        await this.#line(connection).run()
        this.#connection = null
        return {}
      },
      down: (reason) => this.#lost(reason),
    })
  }

  start() {
    this.#look()
    this.#loop.start()
  }
  async [Symbol.asyncDispose]() {
    this.#tick?.cancel()
    await this.#loop.stop()
    this.#tick?.cancel()
  }

  #line(connection: Connection) {
    const { role, ownAddress, panelAddress, pollMs = 1000, selectOnly = false } = this.#device
    return new EspaLine(connection, {
      clock: this.#deps.clock,
      bad: this.#bad,
      role,
      ownAddress,
      panelAddress,
      pollMs,
      selectOnly,
      sevenBits: this.#device.sevenBits ?? false,
      heard: () => this.#heard(),
      block: (body) => this.#block(body),
      badBlock: () => {
        this.#badBlocks += 1
        this.#tellAll()
      },
    })
  }

  #heard() {
    const now = this.#deps.clock.mono()
    this.#since = now
    this.#linkedAt ??= now
    this.#up()
    this.#tellAll()
  }

  #block(body: Uint8Array) {
    this.#badBlocks = 0
    const message = readBlock(body, this.#device.encoding)
    if (!message) {
      this.#bad.note(body, 'a block without text')
      return
    }
    this.#deps.log.info({ espa: message }, 'the fire panel said')
    if (!this.#calls.take(message))
      this.#deps.log.warn({ espa: message }, 'no point of the device list is meant by this call')
    this.#tellAll()
  }

  /** Silence is looked for as often as states are repeated. */
  #look() {
    this.#tellAll()
    this.#tick = this.#deps.clock.after(millis(repeatMs), () => this.#look())
  }

  #lost(reason: string) {
    this.#linkedAt = null
    this.#since = null
    this.#tellAll(reason)
  }

  #tellAll(reason?: string) {
    const now = this.#deps.clock.mono()
    const { silenceMs, settleMs = defaultSettleMs, points } = this.#device
    // Whoever only listens never learns that the other end is gone: the line is opened anew.
    if (this.#since !== null && now - this.#since > silenceMs) {
      this.#since = null
      this.#linkedAt = null
      this.#connection?.end(`fire link lost: nothing from the panel for ${silenceMs / 1000} s`)
    }
    const linked = this.#linkedAt !== null
    const unreadable = this.#badBlocks >= badInARow
    // Calls that came while nobody listened are sent again by panels that do so at all within this time.
    const settled = this.#linkedAt !== null && now - this.#linkedAt >= settleMs
    for (const { id } of points) {
      const said = this.#calls.state(id)
      const known = linked && !unreadable && (said === 'active' || settled)
      this.#tell(id, known ? said : 'unknown')
    }
    if (!linked) {
      if (reason !== undefined) this.#health.tell({ state: 'offline', detail: reason })
    } else if (unreadable) {
      const detail = 'three messages in a row with a wrong BCC: what the panel says is not known'
      this.#health.tell({ state: 'degraded', detail })
    } else this.#health.tell({ state: 'online', detail: null })
  }

  #tell(input: string, state: InputReport) {
    const now = this.#deps.clock.mono()
    const text = state === 'active' ? this.#calls.text(input)?.slice(0, longestText) : undefined
    const told = this.#told.get(input)
    if (told?.state === state && told.text === text && now - told.at < repeatMs) return
    this.#told.set(input, { state, at: now, text })
    const said = text === undefined ? {} : { text }
    this.#deps.emit({ kind: 'contact', device: this.#device.id, input, state, ...said })
  }
}

export const createEspaDriver = (
  device: EspaPanel,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new EspaDriver(device, deps, io)
