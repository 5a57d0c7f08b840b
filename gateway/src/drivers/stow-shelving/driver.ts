import { type Millis, millis } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { DriverIo } from '../link/byte-link.ts'
import type { Connection } from '../link/connection.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { shelvingDriver } from '../shelving/driver.ts'
import { numberOf } from '../shelving/place.ts'
import type {
  ShelvingHandlers,
  ShelvingLink,
  ShelvingProtocol,
  ShelvingTools,
} from '../shelving/protocol.ts'
import type { BankStatus } from '../shelving/status.ts'
import { Turns } from '../shelving/turns.ts'
import { decodeReply, openRequest, replyBytes, replyFault, statusRequest } from './frames.ts'
import type { StowShelving } from './kind.ts'
import { observe } from './observe.ts'

/** Our limit, not the maker's. */
const replyMs = 500
/** A PLC gives up a connection some time after its peer; a quicker return may be refused. */
const settleMs = 250

class StowProtocol implements ShelvingProtocol {
  readonly #device: StowShelving
  readonly #tools: ShelvingTools
  readonly #io: DriverIo

  constructor(device: StowShelving, tools: ShelvingTools, io: DriverIo) {
    this.#device = device
    this.#tools = tools
    this.#io = io
  }

  /** It opens aisles and can do nothing else: no close, no stop, no forbid. */
  can({ verb, aisle }: ShelvingRequest): boolean {
    return verb === 'open' && aisle !== null && numberOf(this.#device, aisle) !== null
  }
  remark(): string | null {
    return this.#device.alarms ? null : 'experimental: the alarm bits are not confirmed'
  }
  loop({ serve, down }: ShelvingHandlers) {
    const { host, port } = this.#device
    return new LinkLoop({
      clock: this.#tools.clock,
      open: this.#io.tcp(host, port),
      random: this.#io.random,
      down,
      serve: async (connection, up) => {
        await serve(new StowLink(connection, this.#device, this.#tools), up)
        return { atLeastMs: millis(settleMs) }
      },
    })
  }
}

/** One connection: a request of two bytes, then twenty bytes of reply, one after the other. */
class StowLink implements ShelvingLink {
  readonly #connection: Connection
  readonly #device: StowShelving
  readonly #tools: ShelvingTools
  readonly #turns = new Turns()
  #received: Uint8Array = new Uint8Array(0)
  #wanted: ((reply: Uint8Array | null) => void) | null = null

  constructor(connection: Connection, device: StowShelving, tools: ShelvingTools) {
    this.#connection = connection
    this.#device = device
    this.#tools = tools
    connection.listen((chunk) => this.#take(chunk))
  }

  get alive() {
    return this.#connection.alive
  }
  pause(delay: Millis) {
    return this.#connection.pause(delay)
  }

  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const aisle = numberOf(this.#device, request.aisle ?? 0)
    if (aisle === null) return Promise.resolve('unsupported')
    return this.#turns.run(async () => {
      if (!this.alive) return 'link-lost'
      if (!still()) return 'withdrawn'
      return (await this.#exchange(openRequest(aisle))) ? 'sent' : 'link-lost'
    })
  }

  look(): Promise<BankStatus | null> {
    return this.#turns.run(async () => {
      const reply = await this.#exchange(statusRequest())
      if (!reply) return null
      const decoded = decodeReply(reply)
      this.#tools.health.setFirmware(decoded.version)
      return observe(this.#device, decoded)
    })
  }

  /** Whatever is not exactly one good reply ends the connection: a new one begins at a border of frames. */
  async #exchange(request: Uint8Array): Promise<Uint8Array | null> {
    if (!this.alive) return null
    const reply = new Promise<Uint8Array | null>((resolve) => {
      this.#wanted = resolve
    })
    const timer = this.#tools.clock.after(millis(replyMs), () =>
      this.#connection.end('no reply in time'),
    )
    const forget = this.#connection.onEnd(() => this.#wanted?.(null))
    this.#connection.write(request)
    const bytes = await reply
    this.#wanted = null
    timer.cancel()
    forget()
    return bytes
  }

  #take(chunk: Uint8Array) {
    const bytes = Buffer.concat([this.#received, chunk.subarray(0, replyBytes + 1)])
    const tooMany = this.#received.length + chunk.length > replyBytes
    if (!this.#wanted || tooMany) return this.#spoilt(bytes, 'more than was asked for')
    this.#received = bytes
    if (bytes.length < replyBytes) return
    this.#received = new Uint8Array(0)
    const fault = replyFault(bytes)
    if (fault) return this.#spoilt(bytes, fault)
    this.#wanted(bytes)
  }
  #spoilt(bytes: Uint8Array, why: string) {
    this.#tools.bad.note(bytes, why)
    this.#connection.end(`bad frame: ${why}`)
  }
}

export const createStowDriver = (
  device: StowShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new StowProtocol(device, tools, io))
