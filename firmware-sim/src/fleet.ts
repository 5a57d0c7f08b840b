/** All devices of the demo: their workers, their ports that stay the same, and the way to them. */
import { join } from 'node:path'
import type { Clock, DeviceFile } from '@lantai/contracts'
import type { Logger } from 'pino'
import {
  airBaud,
  airLine,
  cartOdometer,
  cartReader,
  contactModule,
  contacts,
  deskReader,
  deviceFile,
  gateReader,
  shelfId,
} from './devices/device-file.ts'
import { DeviceDown, DeviceHost } from './devices/host.ts'
import type { DeviceSpec, DeviceState, ToDevice } from './devices/messages.ts'
import { pulsesPerMetre, startsAt } from './devices/odometer/standalone.ts'
import type { BankSaved } from './devices/shelving/controller.ts'
import { JsonFile } from './json-file.ts'
import { cartAntennas } from './world/cart/store-face.ts'
import { airSensors, demoLayout } from './world/catalogue/layout.ts'
import { Unknown } from './world/world.ts'

type Ports = Record<string, number>

export interface FleetOptions {
  readonly dir: string
  readonly seed: string
  readonly portBase: number | null
  readonly alarmDelayMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly bankSaved: (bank: string) => BankSaved | null
  readonly onState: (device: string, state: DeviceState) => void
  readonly onUp: (device: string) => void
  readonly onDown: (device: string) => void
}

/** A little worn, and once in a while it slides on the floor. */
const cartWheel = { scaleError: 0.011, slipEveryMm: 2500, slipMm: 8 }
/** Nobody has set the clock of the reader since it left the works. */
const cartClock = { offsetMs: -47_000, driftPpm: 31 }

const tcpDevices = [
  deskReader,
  gateReader,
  contactModule,
  ...demoLayout().banks.map((b) => shelfId(b.bank)),
  cartReader,
  cartOdometer,
]

export class Fleet {
  readonly #o: FleetOptions
  readonly #hosts = new Map<string, DeviceHost>()
  readonly #portFile: JsonFile<Ports>
  #ports: Ports

  constructor(options: FleetOptions) {
    this.#o = options
    this.#portFile = new JsonFile(join(options.dir, 'ports.json'))
    this.#ports = this.#portFile.read(isPorts) ?? {}
    for (const id of [...tcpDevices, airLine])
      this.#hosts.set(
        id,
        new DeviceHost({
          id,
          clock: options.clock,
          log: options.log,
          spec: () => this.#spec(id),
          onReady: ({ port }) => this.#ready(id, port),
          onState: (state) => options.onState(id, state),
          onDown: () => options.onDown(id),
        }),
      )
  }

  async start(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((h) => h.start()))
  }
  async stop(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((h) => h.stop()))
  }

  get states(): Record<string, { up: boolean; starts: number; state: DeviceState | null }> {
    return Object.fromEntries(
      [...this.#hosts].map(([id, h]) => [id, { up: h.up, starts: h.starts, state: h.state }]),
    )
  }

  /** Resolves when the device has taken it in. */
  send(device: string, message: ToDevice): Promise<void> {
    return this.#host(device).send(message)
  }
  kill(device: string, downMs: number): Promise<void> {
    const host = this.#host(device)
    if (!host.up) return Promise.reject(new DeviceDown(`${device} is down already`))
    return host.kill(downMs)
  }

  get deviceFile(): DeviceFile {
    return deviceFile({
      ports: (id) => this.#ports[id] ?? 0,
      airPath: this.#airPath,
      alarmDelayMs: this.#o.alarmDelayMs,
    })
  }

  get #airPath(): string {
    return join(this.#o.dir, `tty-${airLine}`)
  }

  #host(device: string): DeviceHost {
    const host = this.#hosts.get(device)
    if (!host) throw new Unknown(`no device ${device}`)
    return host
  }

  #ready(id: string, port: number | undefined): void {
    if (port !== undefined && this.#ports[id] !== port) {
      if (this.#ports[id]) this.#o.log.warn({ device: id, port }, 'port was taken; moved')
      this.#ports = { ...this.#ports, [id]: port }
      this.#portFile.write(this.#ports)
    }
    this.#o.onUp(id)
  }

  #port(id: string): number {
    const base = this.#o.portBase
    return base === null ? (this.#ports[id] ?? 0) : base + tcpDevices.indexOf(id)
  }

  #spec(id: string): DeviceSpec {
    const seed = `${this.#o.seed}/${id}`
    const port = this.#port(id)
    if (id === airLine)
      return {
        kind: 'air-line',
        path: this.#airPath,
        baud: airBaud,
        units: airSensors.map((_, i) => i + 1),
        seed,
      }
    if (id === contactModule) return { kind: 'contacts', port, inputs: contacts.length }
    const bank = demoLayout().banks.find((b) => shelfId(b.bank) === id)
    if (bank)
      return {
        kind: 'shelving',
        port,
        columns: bank.columns.map(({ column, widthMm }) => ({ column, widthMm })),
        railMm: bank.railMm,
        aisleMm: bank.aisleMm,
        saved: this.#o.bankSaved(bank.bank),
      }
    if (id === cartOdometer)
      return { kind: 'odometer', port, pulsesPerMetre, startsAt, wheel: cartWheel, seed }
    const model = '6.4.1.240'
    if (id === cartReader)
      return { kind: 'llrp', port, antennas: cartAntennas, model, seed, clock: cartClock }
    return { kind: 'llrp', port, antennas: id === gateReader ? 2 : 1, model, seed }
  }
}

const isPorts = (value: unknown): value is Ports =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((p) => Number.isInteger(p) && p > 0 && p < 65_536)
