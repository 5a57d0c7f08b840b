/**
 * A simulated device, its wire with faults, and the real driver in the real driver process, and nothing else of the
 * product. `await using rig = await Rig.open('llrp-reader')`, then `rig.wire.cut()`, `rig.device.kill(…)`, and
 * `await rig.tape.next(rig.tape.mark(), isHealth('offline'))`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceEntry, Facets } from '@lantai/contracts'
import {
  DeviceHost,
  type Standalone,
  type StandaloneAddress,
  standalones,
} from '@lantai/firmware-sim'
import {
  approveCertificate,
  checkDevices,
  DriverHost,
  driverKinds,
  listRejected,
  opcUaCertificate,
  openRecording,
  pkiOf,
  type Recording,
  type ShelvingAnswer,
  type ShelvingRequest,
} from '@lantai/gateway'
import { pino } from 'pino'
import { systemClock } from '../system-clock.ts'
import { until } from '../testing.ts'
import { openBroker, type TestBroker } from './broker.ts'
import { Seeded } from './seeded.ts'
import { isData, isHealth, Tape } from './tape.ts'
import type { Wire } from './wire.ts'
import { PtyWire } from './wire-pty.ts'
import { TcpWire } from './wire-tcp.ts'
import { UdpWire } from './wire-udp.ts'

export interface RigOptions {
  readonly seed?: string
  /** Changes the device-list entry before the driver gets it, such as to poll faster. */
  edit?(entry: DeviceEntry): DeviceEntry
  /** What happens at the device by itself (`Standalone.again`); true unless said otherwise. */
  readonly lively?: boolean
  /** What the driver tells goes through everything that decides into a store on disk; not unless said so. */
  readonly recording?: boolean
  /** The certificate of a secured device is approved when the driver has met it; true unless said otherwise. */
  readonly approving?: boolean
}

const againEveryMs = 500
const storeMb = 64
/** The happenings come round again, so that what may be read is known after one round. */
export const roundOfHappenings = 8

export const standaloneNamed = (name: string): Standalone => {
  const found = standalones.find((s) => s.name === name)
  if (!found) throw new Error(`no device ${name}; there are ${standalones.map((s) => s.name)}`)
  return found
}

export class Rig implements AsyncDisposable {
  readonly standalone: Standalone
  readonly tape = new Tape()
  readonly wire: Wire
  readonly device: DeviceHost
  /** Where the device itself listens, behind the wire; null while it is down. */
  at: StandaloneAddress | null = null
  /** How often the driver's process has died. */
  driverDeaths = 0
  readonly #options: RigOptions
  readonly #dir = mkdtempSync(join(tmpdir(), 'lantai-rig-'))
  #broker: TestBroker | null = null
  #entry: DeviceEntry | null = null
  #facets: Facets = {}
  #host: DriverHost | null = null
  #recording: Recording | null = null
  #port = 0
  /** Who a secured device lets in: the gateway's own certificate. */
  #trust: readonly string[] = []
  #count = 0
  #again: NodeJS.Timeout | undefined
  #following: Promise<void> = Promise.resolve()
  #trouble: unknown = null

  private constructor(standalone: Standalone, options: RigOptions) {
    this.standalone = standalone
    this.#options = options
    const seed = options.seed ?? 'rig'
    const rng = new Seeded(`${seed}/wire`)
    if (standalone.wire === 'udp') this.wire = new UdpWire(rng)
    else if (standalone.wire === 'pty') this.wire = new PtyWire(rng, join(this.#dir, 'tty-driver'))
    else this.wire = new TcpWire(rng)
    this.device = new DeviceHost({
      id: standalone.name,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      spec: () => {
        const path = join(this.#dir, 'tty-device')
        const bank = this.device?.state?.bank
        const trust = this.#trust
        const allowNone = trust.length === 0
        const spec = standalone.spec({ port: this.#port, path, seed, trust, allowNone })
        // The steel stands where it stood before the power went.
        return bank && 'saved' in spec ? { ...spec, saved: bank } : spec
      },
      onReady: ({ port = 0, path = '' }) => this.#up({ host: '127.0.0.1', port, path }),
      onState: () => undefined,
      onDown: () => this.#down(),
    })
  }

  /** The device runs, and its driver has been started; nothing is said yet of whether they understand each other. */
  static async open(device: string | Standalone, options: RigOptions = {}): Promise<Rig> {
    const standalone = typeof device === 'string' ? standaloneNamed(device) : device
    const rig = new Rig(standalone, options)
    try {
      await rig.#start()
      return rig
    } catch (error) {
      await rig[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What the driver was given; its address is the wire's. */
  get entry(): DeviceEntry {
    if (!this.#entry) throw new Error('not started')
    return this.#entry
  }
  get facets(): Facets {
    return this.#facets
  }
  /** Asks the shelving driver, as the interlock does. */
  request(request: ShelvingRequest, withinMs: number | null = null): Promise<ShelvingAnswer> {
    if (!this.#host) throw new Error('not started')
    return this.#host.request(this.entry.id, request, withinMs)
  }
  /** The store behind the driver, of a rig that records; everything on the tape so far has gone into it. */
  get recording(): Recording {
    if (!this.#recording) throw new Error('this rig does not record')
    return this.#recording
  }
  /** Where the driver keeps what lasts. */
  get dataDir(): string {
    return join(this.#dir, 'gateway')
  }
  /** Approves every certificate that waits, as a person does at the console. How many there were. */
  approve(): number {
    const pki = pkiOf(this.dataDir)
    const waiting = listRejected(pki)
    for (const { thumbprint } of waiting) approveCertificate(pki, thumbprint)
    return waiting.length
  }
  /** Speaks with its device, and has data behind `mark`. A source that is lossy by nature is never better than degraded. */
  async well(mark = 0): Promise<void> {
    await this.tape.next(mark, isHealth('online', 'degraded'))
    await this.tape.next(mark, isData)
  }
  /** Power off, and on again by itself after `downMs`. Resolves when it is off and the driver's link has ended. */
  async powerCut(downMs: number): Promise<void> {
    await this.device.kill(downMs)
    await this.#following
  }
  /** Resolves when the device listens again. */
  async powered(): Promise<void> {
    await until(() => {
      if (!this.at && this.#trouble && this.device.up) throw this.#trouble
      return this.at !== null
    })
  }
  /** Stops the driver as the gateway does; resolves when its process is gone. */
  async stopDriver(): Promise<void> {
    await this.#host?.stop()
    this.#host = null
  }
  /** The driver's process; its resident memory in bytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.#driverPid()}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  }
  /** The wall clock of the driver's process jumps by an hour or two; the monotonic one does not. */
  jumpClock() {
    process.kill(this.#driverPid(), 'SIGUSR2')
  }
  /** True when the driver's process has ended by itself and was not ended by force. */
  get endedCleanly(): boolean {
    return existsSync(join(this.#dir, 'ended'))
  }
  async [Symbol.asyncDispose]() {
    clearInterval(this.#again)
    await this.stopDriver()
    await this.device.stop()
    await this.#following
    await this.wire[Symbol.asyncDispose]()
    await this.#recording?.[Symbol.asyncDispose]()
    await this.#broker?.stop()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  async #start() {
    if (this.standalone.wire === 'mqtt') {
      this.#broker = await openBroker()
      this.#port = this.#broker.port
    }
    // Only an OPC UA driver has a certificate of its own; over TLS an entry names one, or none.
    const { driver } = this.standalone.entry(this.wire.address)
    if (this.standalone.secured && driver.startsWith('opcua'))
      this.#trust = [readFileSync(await opcUaCertificate(this.dataDir), 'utf8')]
    await this.device.start()
    await this.#following
    const plain = this.standalone.entry(this.wire.address)
    this.#entry = this.#options.edit?.(plain) ?? plain
    const checked = checkDevices({ version: 1, devices: [this.#entry] })
    if (!checked.ok) throw new Error(`${this.standalone.name}: ${checked.wrong.join('; ')}`)
    this.#facets = checked.devices[0]?.facets ?? {}
    if (this.#options.recording)
      this.#recording = await openRecording({
        dir: join(this.#dir, 'store'),
        devices: checked.devices,
        maxMb: storeMb,
        // A commit that failed makes every answer of the store worthless, and with it the whole run.
        fatal: (error) => {
          throw error
        },
        ask: (device, request, withinMs) =>
          this.#host?.request(device, request, withinMs) ?? Promise.resolve('link-lost'),
      })
    const heapMb = driverKinds.get(this.#entry.driver)?.process?.heapMb
    this.#host = new DriverHost(
      {
        name: 'drivers',
        devices: [this.#entry],
        logLevel: 'silent',
        gateway: 'rig',
        dataDir: this.dataDir,
        ...(heapMb ? { heapMb } : {}),
      },
      {
        clock: systemClock,
        log: pino({ level: 'silent' }),
        event: (event, ageMs) => {
          // First, so that what is on the tape is on its way into the store.
          this.#recording?.take(event, ageMs)
          this.tape.add(event)
          if (this.#options.approving !== false) this.approve()
        },
        lost: () => {
          this.driverDeaths += 1
        },
      },
      new URL('./driver-process.ts', import.meta.url),
    )
    // A process inherits what stands here when it is started, and a rig starts one at a time.
    Object.assign(process.env, { LANTAI_FIELD_DIR: this.#dir })
    this.#host.start()
    // A process holds whatever pty was open when it was forked, and would never see that one pulled: it gets another.
    if (this.standalone.wire === 'pty') {
      await this.wire.cut()
      await this.wire.mend()
    }
    if (this.standalone.again && this.#options.lively !== false)
      this.#again = setInterval(() => this.#happen(), againEveryMs)
  }

  #driverPid(): number {
    return Number(readFileSync(join(this.#dir, 'pid'), 'utf8'))
  }
  #happen() {
    const message = this.standalone.again?.(this.#count++ % roundOfHappenings)
    // Power may be off; then nothing happens at the device.
    if (message && this.at) this.device.send(message).catch(() => undefined)
  }

  #up(at: StandaloneAddress) {
    // A device of a broker listens nowhere itself.
    const target = at.port === 0 && at.path === '' ? { ...at, port: this.#port } : at
    this.#port = target.port
    this.#then(async () => {
      for (const message of this.standalone.first) await this.device.send(message)
      await this.wire.deviceUp(target)
      this.at = target
      this.#trouble = null
    })
  }
  #down() {
    this.at = null
    // The broker stays when a device behind it goes: its clients hear of that from the broker, or not at all.
    if (!this.#broker) this.#then(() => this.wire.deviceDown())
  }
  #then(job: () => Promise<void>) {
    this.#following = this.#following.then(job).catch((error: unknown) => {
      // Killed while it was being told; the next start tells it again.
      if (this.at) throw error
      this.#trouble = error
    })
  }
}
