import { millis, type Quantity, quantities, type Timer } from '@lantai/contracts'
import type { DataValue } from 'node-opcua-client'
import type { Driver, DriverDeps, InputReport } from '../driver.ts'
import { BadFrames } from '../link/bad-frames.ts'
import type { DriverIo } from '../link/byte-link.ts'
import { Health } from '../link/health.ts'
import { systemIo } from '../link/system-io.ts'
import { OpcUaKeeper } from '../opcua/keeper.ts'
import { pointValue } from '../opcua/map.ts'
import { namespacesOf, nodeOf } from '../opcua/nodes.ts'
import type { OpcUaSession } from '../opcua/session.ts'
import type { OpcUaPoints } from './kind.ts'

/** Fire inputs are polled at least this often while there are any (devices 3.7). */
const slowestContactMs = 200
/** An unchanged state is told again this often, so that its age can be judged. */
const repeatAfterMs = 400
/** One lost answer is not a lost link; unknown well before two seconds. */
const graceMs = 1000

type Sensor = NonNullable<OpcUaPoints['air']>['sensors'][number]
type Contact = NonNullable<OpcUaPoints['contacts']>[number]
/** Our limits, not the device's: what is outside is no reading. */
const plausible: Record<Quantity, [number, number]> = {
  temperature: [-40, 80],
  humidity: [0, 100],
}

/** Air and contacts of one server. What the server does not vouch for is silent or unknown. */
class PointsDriver implements Driver {
  readonly #device: OpcUaPoints
  readonly #deps: DriverDeps
  readonly #health: Health
  readonly #keeper: OpcUaKeeper
  readonly #sensors: readonly Sensor[]
  readonly #contacts: readonly Contact[]
  readonly #told = new Map<string, { state: InputReport; at: number }>()
  readonly #silent = new Set<string>()
  #grace: Timer | null = null
  #airAt = Number.NEGATIVE_INFINITY

  constructor(device: OpcUaPoints, deps: DriverDeps, io: DriverIo) {
    this.#device = device
    this.#deps = deps
    this.#health = new Health(device.id, new BadFrames(deps.clock, deps.log), deps.emit)
    this.#sensors = device.air?.sensors ?? []
    this.#contacts = device.contacts ?? []
    this.#keeper = new OpcUaKeeper({
      server: device.server,
      deps,
      io,
      serve: (session, up) => this.#serve(session, up),
      down: (reason, news) => this.#down(reason, news),
    })
  }

  start() {
    for (const c of this.#contacts) this.#tell(c.id, 'unknown')
    this.#keeper.start()
  }
  async [Symbol.asyncDispose]() {
    await this.#keeper.stop()
    this.#grace?.cancel()
  }

  async #serve(session: OpcUaSession, up: () => void) {
    const namespaces = await namespacesOf(session)
    if (!namespaces) return
    const everyMs =
      this.#contacts.length > 0
        ? Math.min(this.#device.everyMs, slowestContactMs)
        : this.#device.everyMs
    const nodes = this.#nodes(namespaces)
    while (session.alive) {
      const startedAt = this.#deps.clock.mono()
      const values = await session.read([...nodes.values()])
      if (!values) return
      up()
      this.#take(new Map([...nodes.keys()].map((name, i) => [name, values[i]])))
      const wait = startedAt + everyMs - this.#deps.clock.mono()
      await session.pause(millis(Math.max(wait, 10)))
    }
  }

  /** Each node once, by its name in the list; a namespace that the server has not gives none. */
  #nodes(namespaces: ReadonlyMap<string, number>): Map<string, string> {
    const names = [
      ...this.#sensors.flatMap((s) => [s.temperature?.node ?? [], s.humidity?.node ?? []].flat()),
      ...this.#contacts.map((c) => c.node),
    ]
    return new Map(
      names.flatMap((name) => {
        const node = nodeOf(name, namespaces)
        return node === null ? [] : [[name, node] as const]
      }),
    )
  }

  #take(values: ReadonlyMap<string, DataValue | undefined>) {
    const good = (name: string): unknown => {
      const value = values.get(name)
      return value?.statusCode.isGood() ? value.value.value : null
    }
    for (const c of this.#contacts) {
      const on = pointValue(c, good(c.node))
      this.#tell(c.id, on === null ? 'unknown' : on === 0 ? 'clear' : 'active')
    }
    const now = this.#deps.clock.mono()
    if (now - this.#airAt >= this.#device.everyMs) {
      this.#airAt = now
      for (const s of this.#sensors) this.#read(s, good)
    }
    this.#online()
  }

  #read(sensor: Sensor, good: (name: string) => unknown) {
    const values: Partial<Record<Quantity, number>> = {}
    for (const quantity of quantities) {
      const asked = sensor[quantity]
      if (!asked) continue
      const { node, ...point } = asked
      const value = pointValue({ ...point, plausible: plausible[quantity] }, good(node))
      if (value !== null) values[quantity] = value
    }
    const wanted = quantities.filter((q) => sensor[q]).length
    const device = this.#device.id
    if (Object.keys(values).length > 0)
      this.#deps.emit({ kind: 'readings', device, sensor: sensor.id, values })
    const silent = Object.keys(values).length < wanted
    if (silent === this.#silent.has(sensor.id)) return
    if (silent) this.#silent.add(sensor.id)
    else this.#silent.delete(sensor.id)
    this.#deps.emit({ kind: 'sensorSilent', device, sensor: sensor.id, silent })
  }

  #tell(input: string, state: InputReport) {
    const now = this.#deps.clock.mono()
    const told = this.#told.get(input)
    if (told?.state === state && now - told.at < repeatAfterMs) return
    this.#told.set(input, { state, at: now })
    this.#deps.emit({ kind: 'contact', device: this.#device.id, input, state })
  }

  #online() {
    this.#grace?.cancel()
    this.#grace = null
    const unknown = this.#contacts.filter((c) => this.#told.get(c.id)?.state === 'unknown').length
    const bad = [
      ...(this.#silent.size > 0 ? [`${this.#silent.size} sensors give no good value`] : []),
      ...(unknown > 0 ? [`${unknown} contacts give no good value`] : []),
    ].join('; ')
    this.#health.tell(this.#keeper.health(bad || null))
  }

  #down(detail: string, news: boolean) {
    this.#grace ??= this.#deps.clock.after(millis(graceMs), () => {
      for (const c of this.#contacts) this.#tell(c.id, 'unknown')
      this.#health.tell({ state: 'offline', detail, news })
    })
  }
}

export const createPointsDriver = (
  device: OpcUaPoints,
  deps: DriverDeps,
  io: DriverIo = systemIo,
): Driver => new PointsDriver(device, deps, io)
