import { existsSync } from 'node:fs'
import type { Clock, DeviceFile } from '@lantai/contracts'
import { VendorPlace } from './broker/vendor-place.ts'
import { readIfThere, writeWhole } from './data/files.ts'
import { type DemoAccount, demoAccounts } from './demo/accounts.ts'
import { generateCatalogue, importCatalogue } from './demo/catalogue.ts'
import { Control } from './demo/control.ts'
import { toYaml } from './demo/yaml.ts'
import { Observer } from './observer.ts'
import { ensurePki, type Pki } from './pki/files.ts'
import { initCluster, PostgresProcess, superuser } from './postgres/cluster.ts'
import { prepareEngine } from './postgres/engine.ts'
import { ensureDatabase, roles, urlOf } from './postgres/roles.ts'
import {
  brokerProcess,
  databaseEnv,
  frontProcess,
  gatewayDataOf,
  gatewayProcess,
  identities,
  mosquittoProcess,
  type ProcessName,
  pinned,
  postgresLog,
  type SimulatorReady,
  serverProcess,
  simulatorProcess,
  type Wiring,
} from './processes.ts'
import { Refusal } from './refusal.ts'
import { openStore, type Store } from './store.ts'
import { Keeper } from './supervise/keeper.ts'
import { describeEnding, type Unit } from './supervise/running.ts'
import { systemClock } from './system-clock.ts'

export interface SiteOptions {
  /** Directory of everything; made when it is missing. */
  readonly dataDir: string
  /** Where PostgreSQL's binaries are copied to; shared by stores that live only for a test. */
  readonly engineDir?: string | undefined
  /** Port of the page. */
  readonly port: number
  /** Environment of the simulator: SIM_SEED, SIM_TODAY, SIM_AMBIENT, SIM_ALARM_DELAY_MS. */
  readonly simulator?: Readonly<Record<string, string>>
  /** Further environment of the gateway. */
  readonly gateway?: Readonly<Record<string, string>>
  /** Mosquitto in the place of the embedded broker; it must be installed. */
  readonly broker?: 'embedded' | 'mosquitto'
  /** Where devices of other makers reach our broker; this machine alone where it is left out. */
  readonly vendorHost?: string
  /** Origins beside our own that browsers may come from. */
  readonly origins?: readonly string[]
  /** Processes that somebody else stands in for: a benchmark that is itself the gateway. */
  readonly without?: readonly ProcessName[]
  readonly clock?: Clock
  /** Told what is being done, in both languages. */
  readonly say?: (zh: string, en: string) => void
}

/** A keeper of whatever process. */
type Kept = Pick<Keeper<unknown>, 'pid' | 'ready' | 'kill' | 'hold' | 'restart' | 'stop'>

const siteId = 'demo'
const gatewayId = 'gw-01'
/** How long the store may take to become quiet before a test is told what still waits. */
const quietWatchdogMs = 120_000

/**
 * One machine, the whole store: PostgreSQL, broker, server, gateway, simulator and front, each a process of its own,
 * started in order, restarted when it dies, and ended together. `npm start`, journeys, benchmarks and torture tests
 * all boot this.
 */
export class Site implements AsyncDisposable {
  readonly #options: SiteOptions
  readonly #clock: Clock
  readonly #keepers = new Map<ProcessName, Kept>()
  readonly #giveUp = new AbortController()
  #store: Store | undefined
  #observer: Promise<Observer> | undefined
  #vendor: Wiring['vendor'] = null
  #pki: Pki | undefined
  #ending: Promise<void> | undefined
  #bringing: Promise<void> | undefined
  #isUp = false

  constructor(options: SiteOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  get id(): string {
    return siteId
  }
  get url(): string {
    return `http://localhost:${this.#options.port}`
  }
  get accounts(): readonly DemoAccount[] {
    return demoAccounts(this.#opened.dir.accounts)
  }
  get accountsFile(): string {
    return this.#opened.dir.accounts
  }
  /** For benchmarks and for judging effects in tests; the product itself uses only the app role. */
  databaseUrl(as: 'app' | 'owner' | 'superuser'): string {
    const { ports, passwords } = this.#opened
    const user = as === 'superuser' ? superuser : roles[as]
    return urlOf(ports.postgres, user, passwords[as])
  }
  /** The simulator's control channel. */
  get control(): Control {
    return new Control(() => this.#keeper('simulator').ready() as Promise<SimulatorReady>)
  }
  /** What a gateway needs to speak to this store: for benchmarks and torture tests that stand in its place. */
  get edge() {
    if (!this.#pki) throw new Error('the site has not been started')
    const url = `mqtts://127.0.0.1:${this.#opened.ports.broker}`
    return {
      url,
      site: siteId,
      gateway: gatewayId,
      files: { ca: this.#pki.ca, ...this.#pki.of(gatewayId) },
    }
  }
  /** Where devices of other makers speak to our broker once the device list has them there, and who may now. */
  get vendor() {
    if (!this.#vendor) throw new Error('the site has not been started')
    const { place, host } = this.#vendor
    const { devices, files } = place
    return { url: `mqtts://${host}:${this.#opened.ports.vendor}`, devices, files }
  }
  get serverUrl(): string {
    return `http://127.0.0.1:${this.#opened.ports.server}`
  }
  get consoleUrl(): string {
    return `http://127.0.0.1:${this.#opened.ports.console}`
  }
  pid(name: ProcessName): number | undefined {
    return this.#keepers.get(name)?.pid
  }

  /** Brings everything up. When it cannot, what was started is ended again and the reason is thrown. */
  async start(): Promise<void> {
    try {
      this.#store = await openStore(this.#options, this.#clock)
      this.#bringing = this.#bringUp(this.#store)
      await this.#bringing
      this.#isUp = true
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Ends one process as a crash would. It is started again by itself; `settled()` waits for that. */
  kill(name: ProcessName): Promise<void> {
    return this.#keeper(name).kill()
  }
  /** Ends one process as a crash would, and keeps it down until the answer is disposed. */
  holdDown(name: ProcessName): Promise<Disposable> {
    return this.#keeper(name).hold()
  }
  /** Ends one process cleanly, and resolves when it is ready again. */
  async restart(name: ProcessName): Promise<void> {
    await this.#keeper(name).restart()
  }

  /** Resolves when every process is ready and nothing waits in any gateway's outbox, two ticks in a row. */
  async settled(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((k) => k.ready()))
    this.#observer ??= this.#observe()
    const observer = await this.#observer
    await observer.quiet(2, quietWatchdogMs)
  }

  /** Ends everything: people's side first, PostgreSQL last, within 10 s. May be called more than once. */
  stop(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #bringUp(store: Store) {
    const plain = this.#wiring(store)
    const first = !store.manifest.demoImported
    const [, { pki, wiring }] = await Promise.all([
      this.#postgres(store),
      this.#pkiAndBroker(plain),
      this.#stoodInFor('simulator') || this.#startSimulator(plain),
      first ? this.#prepareCatalogue(plain) : undefined,
    ])
    if (first) await this.#importDemo(store, wiring)
    this.#say('启动服务器、网关与网页', 'starting server, gateway and page')
    const server = this.#start('server', serverProcess(wiring, pki))
    // A gateway pins the server's public keys; at the very first start the server makes them (ASVS 4.1.5).
    if (!Object.values(pinned(store.dir)).every((f) => existsSync(f))) await server
    await Promise.all([
      server,
      this.#stoodInFor('gateway') ||
        this.#start(
          'gateway',
          gatewayProcess(wiring, pki, (list) => void this.#follow(list)),
        ),
      this.#start('front', frontProcess(wiring)),
    ])
  }

  async #postgres(store: Store) {
    const { dir, runAs, ports, passwords } = store
    const fresh = !existsSync(dir.postgres)
    if (fresh) this.#say('建立数据库', 'creating the database')
    const cluster = {
      engine: prepareEngine(dir.engine),
      dataDir: dir.postgres,
      runAs,
      port: ports.postgres,
      durable: true,
      log: postgresLog(dir),
      clock: this.#clock,
    }
    if (fresh) await initCluster(cluster, passwords.superuser)
    await this.#start('postgres', new PostgresProcess(cluster))
    await ensureDatabase(ports.postgres, passwords)
  }

  async #pkiAndBroker(plain: Wiring): Promise<{ pki: Pki; wiring: Wiring }> {
    const pki = await ensurePki(plain.dir.pki, identities(gatewayId), this.#clock)
    this.#pki = pki
    const { dir, ports } = plain
    const gatewayDir = gatewayDataOf(dir, gatewayId)
    const options = { dir: dir.vendor, ca: pki.ca, gatewayDir, port: ports.vendor }
    const place = await VendorPlace.open(options)
    this.#vendor = { place, host: this.#options.vendorHost ?? '127.0.0.1' }
    const wiring = { ...plain, vendor: this.#vendor }
    if (this.#options.broker === 'mosquitto')
      await this.#start('broker', mosquittoProcess(wiring, pki))
    else await this.#start('broker', brokerProcess(wiring, pki))
    return { pki, wiring }
  }

  /** The gateway runs this list: who speaks at our broker by it may, and nobody else. */
  async #follow(list: DeviceFile) {
    try {
      const came = await this.#vendor?.place.follow(list)
      if (!came) return
      for (const device of came) {
        const { url, files } = this.vendor
        const file = files.password('vendor', device)
        this.#say(
          `${device} 可连到 ${url}，密码在 ${file}`,
          `${device} may speak to ${url}, its password is in ${file}`,
        )
      }
      // It reads its lists only at a start.
      if (this.#options.broker === 'mosquitto') await this.restart('broker')
    } catch (error) {
      if (this.#giveUp.signal.aborted) return
      const { message } = error as Error
      this.#say(`设备账号没有更新：${message}`, `accounts of devices stay as they were: ${message}`)
    }
  }

  async #startSimulator(wiring: Wiring) {
    this.#say('启动仿真设备', 'starting the simulated devices')
    const says = await this.#start('simulator', simulatorProcess(wiring))
    const yaml = `# Written from what the simulator offers; a real room has a file of its own.\n${toYaml(says.devices)}`
    if (readIfThere(wiring.dir.devices) !== yaml) writeWhole(wiring.dir.devices, yaml, 0o644)
  }

  async #prepareCatalogue(wiring: Wiring) {
    if (!existsSync(wiring.dir.catalogue))
      await generateCatalogue(
        wiring.dir.catalogue,
        this.accounts,
        wiring.simulator,
        this.#giveUp.signal,
      )
  }

  async #importDemo(store: Store, wiring: Wiring) {
    this.#say(
      '导入演示库房：9,231 盒、65,772 卷',
      'importing the demo store: 9,231 boxes, 65,772 files',
    )
    await importCatalogue(store.dir.catalogue, databaseEnv(wiring), this.#giveUp.signal)
    store.save({ demoImported: true })
  }

  #wiring(store: Store): Wiring {
    const port = store.ports.front
    const own = [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
    return {
      site: siteId,
      gatewayId,
      dir: store.dir,
      ports: store.ports,
      passwords: store.passwords,
      origins: [...own, ...(this.#options.origins ?? [])],
      simulator: this.#options.simulator ?? {},
      gateway: this.#options.gateway ?? {},
      vendor: null,
    }
  }

  #start<T>(name: ProcessName, unit: Unit<T>): Promise<T> {
    this.#giveUp.signal.throwIfAborted()
    const keeper = new Keeper<T>(unit, this.#clock, {
      up: () => undefined,
      ended: (_name, ending, restartInMs) =>
        this.#say(
          `${name} 意外结束（${describeEnding(ending)}），${restartInMs} 毫秒后重启`,
          `${name} ended unexpectedly (${describeEnding(ending)}); starting it again in ${restartInMs} ms`,
        ),
    })
    this.#keepers.set(name, keeper)
    return keeper.start()
  }

  async #observe(): Promise<Observer> {
    const pki = this.#pki
    if (!pki) throw new Error('the site has not been started')
    const url = `mqtts://127.0.0.1:${this.#opened.ports.broker}`
    return Observer.connect({ url, site: siteId, files: { ca: pki.ca, ...pki.of('observer') } })
  }

  async #end() {
    this.#giveUp.abort(new Refusal('已停止', 'stopped'))
    if (this.#observer) await (await this.#observer)[Symbol.asyncDispose]()
    const stop = (...names: ProcessName[]) =>
      Promise.all(names.map((name) => this.#keepers.get(name)?.stop()))
    if (this.#bringing && !this.#isUp) await this.#breakOff(this.#bringing)
    await stop('front', 'gateway', 'simulator', 'server')
    await stop('broker')
    await stop('postgres')
    await this.#store?.[Symbol.asyncDispose]()
  }

  /** Stopped while it starts: nothing that is under way may outlive us. */
  async #breakOff(bringing: Promise<void>) {
    await Promise.all([...this.#keepers.values()].map((k) => k.stop()))
    await bringing.catch(() => undefined) // whoever called start() is told why
  }

  #stoodInFor(name: ProcessName): boolean {
    return this.#options.without?.includes(name) ?? false
  }
  get #opened(): Store {
    if (!this.#store) throw new Error('the site has not been started')
    return this.#store
  }
  #keeper(name: ProcessName): Kept {
    const keeper = this.#keepers.get(name)
    if (!keeper) throw new Error(`${name} is not running`)
    return keeper
  }
  #say(zh: string, en: string) {
    this.#options.say?.(zh, en)
  }
}
