import type { Millis } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { DriverIo, OpenLink } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { shelvingDriver } from '../shelving/driver.ts'
import type {
  ShelvingHandlers,
  ShelvingLink,
  ShelvingProtocol,
  ShelvingTools,
} from '../shelving/protocol.ts'
import { type BankStatus, nothingKnown } from '../shelving/status.ts'
import { Turns } from '../shelving/turns.ts'
import { encodeFrame, frameIn } from './frames.ts'
import type { ImsShelving } from './kind.ts'
import { frameOf } from './verbs.ts'
import { visit } from './visit.ts'

/** The controller's own time for a command and its answer. */
const commandMs = 2000
/** A knock at the door is answered by its operating system, at once or not at all. */
const knockMs = 500

class ImsProtocol implements ShelvingProtocol {
  readonly #device: ImsShelving
  readonly #tools: ShelvingTools
  readonly #io: DriverIo

  constructor(device: ImsShelving, tools: ShelvingTools, io: DriverIo) {
    this.#device = device
    this.#tools = tools
    this.#io = io
  }

  can(request: ShelvingRequest): boolean {
    return frameOf(this.#device, request) !== null
  }
  remark(): string | null {
    return 'experimental: the controller reports no status, so no motion is ever seen to be done'
  }
  loop({ serve, down }: ShelvingHandlers) {
    const { host, port } = this.#device
    const open = this.#io.tcp(host, port)
    return new LinkLoop({
      clock: this.#tools.clock,
      open: standing,
      random: this.#io.random,
      down,
      serve: async (connection, up) => {
        await serve(new ImsLink(connection, open, this.#device, this.#tools), up)
        return {}
      },
    })
  }
}

/** There is no lasting connection: what stands between two commands is that the door is answered. */
const standing: OpenLink = ({ opened }) => {
  opened()
  return { write: () => undefined, close: () => Promise.resolve() }
}

class ImsLink implements ShelvingLink {
  readonly #connection: Connection
  readonly #open: OpenLink
  readonly #device: ImsShelving
  readonly #tools: ShelvingTools
  readonly #turns = new Turns()

  constructor(connection: Connection, open: OpenLink, device: ImsShelving, tools: ShelvingTools) {
    this.#connection = connection
    this.#open = open
    this.#device = device
    this.#tools = tools
  }

  get alive() {
    return this.#connection.alive
  }
  pause(delay: Millis) {
    return this.#connection.pause(delay)
  }

  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    // A stop waits for nobody (S7).
    if (request.verb === 'stop') return this.#command(request, still)
    return this.#turns.run(() => this.#command(request, still))
  }

  async #command(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const frame = frameOf(this.#device, request)
    if (!frame) return 'unsupported'
    const visited = await this.#visit(encodeFrame(frame), still)
    if (visited.kind === 'withdrawn') return 'withdrawn'
    if (visited.kind === 'failed') return 'link-lost'
    const { log, bad } = this.#tools
    const answered = frameIn(visited.reply)
    log.info({ verb: request.verb, reply: visited.reply }, 'the controller answered')
    const other = answered && (answered.verb !== frame.verb || answered.column !== frame.column)
    if (!other) return 'sent'
    bad.note(Buffer.from(visited.reply, 'latin1'), 'an answer to another command')
    return 'link-lost'
  }

  #visit(request: Uint8Array | null, still: () => boolean) {
    return visit({
      open: this.#open,
      clock: this.#tools.clock,
      withinMs: request ? commandMs : knockMs,
      request,
      still: () => this.alive && still(),
      enough: (reply) => frameIn(reply) !== null,
    })
  }

  /** Only a knock: that somebody listens is all that can be known of it. */
  look(): Promise<BankStatus | null> {
    return this.#turns.run(async () => {
      const knocked = await this.#visit(null, () => true)
      if (knocked.kind !== 'failed') return listening(this.#device)
      this.#connection.end(knocked.why)
      return null
    })
  }
}

/** The controller has no forbid of its own; the latch is the gateway's (rule S7). */
const listening = (device: ImsShelving): BankStatus => ({
  observed: nothingKnown(device),
  inputs: { link: 'clear', forbid: 'clear' },
  uptimeS: null,
})

export const createImsDriver = (
  device: ImsShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new ImsProtocol(device, tools, io))
