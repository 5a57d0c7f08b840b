import type { Clock, Millis } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { systemIo } from '../link/system-io.ts'
import { OpcUaKeeper } from '../opcua/keeper.ts'
import { loadMap, type NodeMap } from '../opcua/map.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import { shelvingDriver } from '../shelving/driver.ts'
import type {
  ShelvingHandlers,
  ShelvingLink,
  ShelvingProtocol,
  ShelvingTools,
} from '../shelving/protocol.ts'
import { type BankStatus, unheard } from '../shelving/status.ts'
import { sendOnce, verbOf } from './command.ts'
import type { OpcUaShelving } from './kind.ts'
import { BankNodes } from './nodes.ts'
import { observe, type Values } from './observe.ts'

/** A controller whose cycle stands still this long is not there, whatever its server says (rule S1). */
const cycleWithinMs = 900
const standsStill = 'the cycle of the controller stands still'

/** A node map as a shelving protocol. */
class OpcUaProtocol implements ShelvingProtocol {
  readonly #device: OpcUaShelving
  readonly #map: NodeMap
  readonly #tools: ShelvingTools
  readonly #deps: DriverDeps
  readonly #io: DriverIo
  #keeper: OpcUaKeeper | null = null
  #bank: OpcUaBank | null = null

  constructor(device: OpcUaShelving, tools: ShelvingTools, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#map = loadMap(device.map)
    this.#tools = tools
    this.#deps = deps
    this.#io = io
  }

  can(request: ShelvingRequest): boolean {
    return verbOf(this.#map, request) !== null
  }

  trouble(): string | null {
    return this.#keeper?.health(this.#bank?.trouble ?? null).detail ?? null
  }

  loop({ serve, down }: ShelvingHandlers) {
    const [device, map, tools] = [this.#device, this.#map, this.#tools]
    const work = (bank: OpcUaBank) => {
      this.#bank = bank
    }
    const keeper = new OpcUaKeeper({
      server: device.server,
      deps: this.#deps,
      io: this.#io,
      async serve(session, up) {
        const nodes = await BankNodes.in(session, map, device)
        if (!nodes) return
        const bank = new OpcUaBank(session, nodes, device, map, tools)
        work(bank)
        await serve(bank, up)
      },
      down,
    })
    this.#keeper = keeper
    return keeper
  }
}

/** One session, after the bank's namespace was found there. */
class OpcUaBank implements ShelvingLink {
  readonly #session: OpcUaSession
  readonly #nodes: BankNodes
  readonly #device: OpcUaShelving
  readonly #map: NodeMap
  readonly #log: ShelvingTools['log']
  readonly #clock: Clock
  #cycle: { value: unknown; at: number } | null = null
  #standing = false

  constructor(
    session: OpcUaSession,
    nodes: BankNodes,
    device: OpcUaShelving,
    map: NodeMap,
    { log, clock }: ShelvingTools,
  ) {
    this.#session = session
    this.#nodes = nodes
    this.#device = device
    this.#map = map
    this.#log = log
    this.#clock = clock
  }

  get alive() {
    return this.#session.alive
  }
  get trouble(): string | null {
    return this.#standing ? standsStill : null
  }
  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const verb = verbOf(this.#map, request)
    if (!verb) return Promise.resolve('unsupported')
    return sendOnce(this.#session, this.#nodes, verb, request, still, this.#log)
  }
  async look(): Promise<BankStatus | null> {
    const values = await this.#nodes.read(this.#session)
    if (!values) return null
    this.#standing = !this.#turns(values)
    if (this.#standing) return { ...unheard(this.#device), uptimeS: null }
    return observe(this.#device, this.#map, values)
  }
  pause(delay: Millis) {
    return this.#session.pause(delay)
  }

  /** False when the controller behind the server has stopped: what the server still shows is not live. */
  #turns(values: Values): boolean {
    if (!values.has('alive')) return true
    const value = values.get('alive')
    const now = this.#clock.mono()
    if (value !== null && value !== this.#cycle?.value) this.#cycle = { value, at: now }
    return this.#cycle !== null && now - this.#cycle.at < cycleWithinMs
  }
}

export const createOpcUaShelvingDriver = (
  device: OpcUaShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new OpcUaProtocol(device, tools, deps, io))
