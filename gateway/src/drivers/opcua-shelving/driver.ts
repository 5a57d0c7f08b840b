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
import type { BankStatus } from '../shelving/status.ts'
import { sendOnce, verbOf } from './command.ts'
import type { OpcUaShelving } from './kind.ts'
import { BankNodes } from './nodes.ts'
import { observe, type Values } from './observe.ts'

/** A controller whose cycle stands still this long is not there, whatever its server says (rule S1). */
const cycleWithinMs = 1500

/** A node map as a shelving protocol. */
class OpcUaProtocol implements ShelvingProtocol {
  readonly #device: OpcUaShelving
  readonly #map: NodeMap
  readonly #tools: ShelvingTools
  readonly #deps: DriverDeps
  readonly #io: DriverIo
  #keeper: OpcUaKeeper | null = null

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
    return this.#keeper?.health().detail ?? null
  }

  loop({ serve, down }: ShelvingHandlers) {
    const [device, map, tools] = [this.#device, this.#map, this.#tools]
    const keeper = new OpcUaKeeper({
      server: device.server,
      deps: this.#deps,
      io: this.#io,
      async serve(session, up) {
        const nodes = await BankNodes.in(session, map, device)
        if (nodes) await serve(new OpcUaBank(session, nodes, device, map, tools), up)
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
  send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const verb = verbOf(this.#map, request)
    if (!verb) return Promise.resolve('unsupported')
    return sendOnce(this.#session, this.#nodes, verb, request, still, this.#log)
  }
  async look(): Promise<BankStatus | null> {
    const values = await this.#nodes.read(this.#session)
    if (!values || !this.#turns(values)) return null
    return observe(this.#device, this.#map, values)
  }
  pause(delay: Millis) {
    return this.#session.pause(delay)
  }

  /** False when the controller behind the server has stopped; the session ends then. */
  #turns(values: Values): boolean {
    if (!values.has('alive')) return true
    const value = values.get('alive')
    const now = this.#clock.mono()
    if (value !== null && value !== this.#cycle?.value) this.#cycle = { value, at: now }
    if (this.#cycle && now - this.#cycle.at < cycleWithinMs) return true
    this.#session.end('the cycle of the controller stands still')
    return false
  }
}

export const createOpcUaShelvingDriver = (
  device: OpcUaShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new OpcUaProtocol(device, tools, deps, io))
