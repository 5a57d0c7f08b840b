import { millis, type Timer } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import { Health } from '../link/health.ts'
import type { ShelvingLink, ShelvingLoop, ShelvingProtocol, ShelvingTools } from './protocol.ts'
import { type BankStatus, type ShelvingPlace, unheard } from './status.ts'

/** Interlock inputs older than 2 s count as active (rule S1), so no device list may ask for slower looks. */
const slowestLookMs = 1000
/** Five looks a second while something moves, or soon after something was asked for. */
const movingLookMs = 150
const watchAfterRequestMs = 3000
/** One lost reply is not a lost link; unknown well before rule S1's two seconds. */
const graceMs = 1000
/** Only stop and forbid may be repeated (rule S7). */
const repeatWithinMs = 3000

/** One bank behind one controller, whatever it speaks. Requests; never drives. */
class ShelvingDriver implements Driver {
  readonly #place: ShelvingPlace
  readonly #deps: DriverDeps
  readonly #health: Health
  readonly #protocol: ShelvingProtocol
  readonly #loop: ShelvingLoop
  #link: ShelvingLink | null = null
  #watchUntil = Number.NEGATIVE_INFINITY
  #last: { uptimeS: number | null; atMs: number } | null = null
  #moving = false
  #grace: Timer | null = null
  #wake: () => void = () => undefined
  #disposed = false
  /** How many stops and forbids were asked for: motion that was asked for before one is not sent after it (rule S7). */
  #halts = 0
  readonly #waiting = new Set<() => void>()

  constructor(
    place: ShelvingPlace,
    deps: DriverDeps,
    make: (tools: ShelvingTools) => ShelvingProtocol,
  ) {
    this.#place = place
    this.#deps = deps
    const bad = new BadFrames(deps.clock, deps.log)
    this.#health = new Health(place.id, bad, deps.emit)
    this.#protocol = make({ clock: deps.clock, log: deps.log, bad, health: this.#health })
    this.#loop = this.#protocol.loop({
      serve: (link, up) => this.#serve(link, up),
      news: (status) => this.#tell(status),
      down: (reason) => this.#down(reason),
    })
  }

  start() {
    this.#loop.start()
  }
  async [Symbol.asyncDispose]() {
    this.#disposed = true
    this.#grace?.cancel()
    this.#resume()
    await this.#loop.stop()
  }

  /** A motion verb is written at most once and only on a link that works now; nothing waits to run late (rule S5). */
  async request(
    request: ShelvingRequest,
    inTime: () => boolean = () => true,
  ): Promise<ShelvingAnswer> {
    const mayRepeat = request.verb === 'stop' || request.verb === 'forbid'
    // Even where the controller has no such verb: what was asked for before it is not sent after it.
    if (mayRepeat) this.#halts++
    if (!this.#protocol.can(request)) return 'unsupported'
    const { clock } = this.#deps
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

  /** Until there is a link to the right device again, or for so long. */
  #untilBack(ms: number): Promise<void> {
    if (this.#link?.alive) return Promise.resolve()
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
  #resume() {
    for (const resume of [...this.#waiting]) resume()
  }

  async #attempt(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const link = this.#link
    if (!link?.alive) return 'link-lost'
    this.#watchUntil = this.#deps.clock.mono() + watchAfterRequestMs
    const answer = await link.send(request, still)
    this.#wake()
    return answer
  }

  async #serve(link: ShelvingLink, up: () => void) {
    this.#link = link
    this.#resume()
    while (link.alive) {
      const startedAt = this.#deps.clock.mono()
      const status = await link.look()
      if (!status) break
      up()
      this.#tell(status)
      await this.#rest(link, startedAt)
    }
    this.#link = null
  }

  #tell({ observed, inputs, uptimeS }: BankStatus) {
    const { clock, emit } = this.#deps
    const device = this.#place.id
    this.#grace?.cancel()
    this.#grace = null
    this.#moving = observed.motion === 'moving'
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
    const trouble = this.#protocol.trouble?.() ?? null
    const detail = trouble ?? this.#protocol.remark?.() ?? null
    this.#health.tell({ state: trouble === null ? 'online' : 'degraded', detail })
  }

  async #rest(link: ShelvingLink, startedAt: number) {
    const now = this.#deps.clock.mono()
    const busy = this.#moving || now < this.#watchUntil
    const everyMs = Math.min(this.#place.everyMs, slowestLookMs)
    const busyMs = Math.min(this.#protocol.movingMs ?? movingLookMs, everyMs)
    const wait = startedAt + (busy ? busyMs : everyMs) - now
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([link.pause(millis(Math.max(wait, 10))), woken])
  }

  #down(reason: string) {
    this.#grace ??= this.#deps.clock.after(millis(graceMs), () => {
      const { observed, inputs } = unheard(this.#place)
      this.#deps.emit({ kind: 'bank', device: this.#place.id, observed, inputs })
      this.#health.tell({ state: 'offline', detail: reason })
    })
  }
}

/** The driver of a bank, made of one protocol. */
export const shelvingDriver = (
  place: ShelvingPlace,
  deps: DriverDeps,
  make: (tools: ShelvingTools) => ShelvingProtocol,
): Driver => new ShelvingDriver(place, deps, make)
