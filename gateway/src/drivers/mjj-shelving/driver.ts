import { millis } from '@lantai/contracts'
import type { Driver, DriverDeps, ShelvingRequest } from '../driver.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { LinkLoop } from '../link/link-loop.ts'
import { systemIo } from '../link/system-io.ts'
import { shelvingDriver } from '../shelving/driver.ts'
import type { ShelvingHandlers, ShelvingProtocol, ShelvingTools } from '../shelving/protocol.ts'
import type { MjjShelving } from './kind.ts'
import { MjjLink } from './mjj-link.ts'
import { frameOf } from './verbs.ts'

class MjjProtocol implements ShelvingProtocol {
  readonly #device: MjjShelving
  readonly #tools: ShelvingTools
  readonly #io: DriverIo
  /** A look takes long against a serial line's; there is no use in asking more often. */
  readonly movingMs = 250

  constructor(device: MjjShelving, tools: ShelvingTools, io: DriverIo) {
    this.#device = device
    this.#tools = tools
    this.#io = io
  }

  can(request: ShelvingRequest): boolean {
    return frameOf(this.#device, request) !== null
  }
  remark(): string | null {
    return this.#device.confirmed
      ? null
      : 'experimental: checksum and commands are not confirmed on this controller'
  }
  loop({ serve, news, down }: ShelvingHandlers) {
    const { host, port, localPort } = this.#device
    return new LinkLoop({
      clock: this.#tools.clock,
      open: this.#io.udp(localPort, host, port),
      random: this.#io.random,
      down,
      serve: async (connection, up) => {
        await serve(new MjjLink(connection, this.#device, this.#tools, news), up)
        return { waitMs: millis(100) }
      },
    })
  }
}

export const createMjjDriver = (
  device: MjjShelving,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => shelvingDriver(device, deps, (tools) => new MjjProtocol(device, tools, io))
