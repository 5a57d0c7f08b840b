import { millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import type { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { modbusLine } from '../modbus/line.ts'
import { loadProfile, type Profile } from '../modbus/profile.ts'
import { failed, readBlocks, readIdentity } from '../modbus/read.ts'
import type { ModbusSession } from '../modbus/session.ts'
import { timingOf } from '../modbus/timing.ts'
import { registersOf, sendOnce } from './command.ts'
import { type BankStatus, observe, type ShelvingDevice, unheard } from './observe.ts'

/** Interlock inputs older than 2 s count as active (rule S1), so no device list may ask for slower polls. */
const slowestPollMs = 1000
/** Five looks a second while something moves, or soon after something was asked for. */
const movingPollMs = 150
const watchAfterRequestMs = 3000
/** One lost reply is not a lost link; unknown well before rule S1's two seconds. */
const graceMs = 1000
/** Only stop and forbid may be repeated (rule S7). */
const repeatWithinMs = 3000

/** One bank behind one controller. Requests; never drives. */
class ShelvingDriver implements Driver {
  readonly #device: ShelvingDevice
  readonly #deps: DriverDeps
  readonly #profile: Profile
  readonly #bad: BadFrames
  readonly #health: Health
  readonly #line: LinkLoop
  #session: ModbusSession | null = null
  #watchUntil = Number.NEGATIVE_INFINITY
  #last: { uptimeS: number | null; atMs: number } | null = null
  #grace: Timer | null = null
  #wake: () => void = () => undefined
  #disposed = false
  /** How many stops and forbids were asked for: motion that was asked for before one is not sent after it (rule S7). */
  #halts = 0
  readonly #waiting = new Set<() => void>()

  constructor(device: ShelvingDevice, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#profile = loadProfile(device.profile)
    this.#bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(device.id, this.#bad, deps.emit)
    this.#line = modbusLine({
      line: device.line,
      clock: deps.clock,
      io,
      bad: this.#bad,
      ...timingOf(this.#profile, device.line),
      serve: (session, up) => this.#serve(session, up),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    this.#line.start()
  }
  async [Symbol.asyncDispose]() {
    this.#disposed = true
    this.#grace?.cancel()
    for (const resume of [...this.#waiting]) resume()
    await this.#line.stop()
  }

  /** A motion verb is written at most once and only on a line that works now; nothing waits to run late (rule S5). */
  async request(
    request: ShelvingRequest,
    inTime: () => boolean = () => true,
  ): Promise<ShelvingAnswer> {
    if (!registersOf(this.#profile, request)) return 'unsupported'
    const { clock } = this.#deps
    const mayRepeat = request.verb === 'stop' || request.verb === 'forbid'
    if (mayRepeat) this.#halts++
    const halts = this.#halts
    const still = mayRepeat ? () => true : () => halts === this.#halts && inTime()
    const giveUpAt = clock.mono() + repeatWithinMs
    for (;;) {
      const answer = await this.#attempt(request, still)
      const again = answer === 'link-lost' && mayRepeat && clock.mono() < giveUpAt
      if (!again || this.#disposed) return answer
      await this.#untilBack(giveUpAt - clock.mono())
    }
  }

  /** Until there is a session to the right device again, or for so long. */
  #untilBack(ms: number): Promise<void> {
    if (this.#session?.alive) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel()
        this.#waiting.delete(done)
        resolve()
      }
      const timer = this.#deps.clock.after(millis(ms), done)
      this.#waiting.add(done)
    })
  }

  async #attempt(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const session = this.#session
    if (!session?.alive) return 'link-lost'
    this.#watchUntil = this.#deps.clock.mono() + watchAfterRequestMs
    const { log } = this.#deps
    const { unit } = this.#device
    const answer = await sendOnce(session, unit, this.#profile, request, log, still)
    this.#wake()
    return answer
  }

  async #serve(session: ModbusSession, up: () => void) {
    const identity = await readIdentity(session, this.#device.unit, this.#profile)
    if (identity === 'other') session.end('another device answers at this address')
    if (identity !== 'same') return
    this.#session = session
    for (const resume of [...this.#waiting]) resume()
    while (session.alive) {
      const startedAt = this.#deps.clock.mono()
      const status = await this.#look(session)
      if (!status) break
      up()
      this.#tell(status)
      await this.#rest(session, startedAt, status)
    }
    this.#session = null
  }

  async #look(session: ModbusSession): Promise<BankStatus | null> {
    const { unit, columns } = this.#device
    const blocks = await readBlocks(session, unit, this.#profile, columns.length)
    if (!failed(blocks)) return observe(this.#device, this.#profile, blocks)
    if (blocks.kind === 'refused') session.end(`exception ${blocks.code} to a read of status`)
    return null
  }

  #tell({ observed, inputs, uptimeS }: BankStatus) {
    const { clock, emit } = this.#deps
    const device = this.#device.id
    this.#grace?.cancel()
    this.#grace = null
    const last = this.#last
    this.#last = { uptimeS, atMs: clock.now() }
    if (last && last.uptimeS !== null && uptimeS !== null && uptimeS < last.uptimeS) {
      // Mode and forbid were read just now; nothing is sent again (rule S3).
      this.#deps.log.warn({ before: last.uptimeS, now: uptimeS }, 'the controller restarted')
      emit({
        kind: 'hole',
        device,
        reason: 'observation-hole',
        fromMs: last.atMs,
        toMs: clock.now(),
      })
    }
    emit({ kind: 'bank', device, observed, inputs })
    this.#health.tell({ state: 'online', detail: null })
  }

  async #rest(session: ModbusSession, startedAt: number, status: BankStatus) {
    const now = this.#deps.clock.mono()
    const busy = status.observed.motion !== 'still' || now < this.#watchUntil
    const everyMs = Math.min(this.#device.everyMs, slowestPollMs)
    const wait = startedAt + (busy ? Math.min(movingPollMs, everyMs) : everyMs) - now
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([session.pause(millis(Math.max(wait, 10))), woken])
  }

  #down(reason: string) {
    this.#grace ??= this.#deps.clock.after(millis(graceMs), () => {
      const { observed, inputs } = unheard(this.#device)
      this.#deps.emit({ kind: 'bank', device: this.#device.id, observed, inputs })
      this.#health.tell({ state: 'offline', detail: reason })
    })
  }
}

export const createShelvingDriver = (
  device: ShelvingDevice,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new ShelvingDriver(device, deps, io)
