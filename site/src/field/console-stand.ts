/**
 * A gateway with simulated devices and a roster, and a browser at its console: `await using stand = await
 * ConsoleStand.open(['shelving-mjj', 'modbus-contacts'])`. Of the server there is nothing but the roster that it signs.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, scryptSync, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BankReport, type DeviceEntry, type Roster, topics } from '@lantai/contracts'
import { DeviceHost, type Standalone } from '@lantai/firmware-sim'
import { connectAsync, type MqttClient } from 'mqtt'
import { pino } from 'pino'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startBroker } from '../broker/broker.ts'
import { ensurePki, type Pki } from '../pki/files.ts'
import { LogFile } from '../supervise/log-file.ts'
import { NodeProcess } from '../supervise/node-process.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir, until } from '../testing.ts'
import { standaloneNamed } from './rig.ts'

const site = 'field'
const gateway = 'gw-01'
const silent = pino({ level: 'silent' })
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A device by its name, its steel or its entry made unlike the others'. */
export interface Placed {
  readonly name: string
  readonly spec?: (spec: ReturnType<Standalone['spec']>) => ReturnType<Standalone['spec']>
  readonly entry?: (entry: DeviceEntry) => DeviceEntry
}
/** What a stand reads of the console's state. */
interface Told {
  readonly rosterVersion: number | null
  readonly banks: readonly BankReport[]
}
/** Password of an account: its name and `-pw`. */
const passwordOf = (account: string) => `${account}-pw`
const people = [
  ['wang', '王芳', 'archivist'],
  ['li', '李强', 'facilities'],
  ['zhou', '周敏', 'securityOfficer'],
] as const

function rosterOf(): Roster {
  const hash = (password: string) => {
    const salt = randomBytes(16)
    const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })
    return `scrypt$1024$8$1$${salt.toString('base64')}$${key.toString('base64')}`
  }
  return {
    gateway,
    version: 1,
    people: people.map(([account, name, role], i) => ({
      id: `00000000-0000-4000-8000-00000000000${i}`,
      account,
      name,
      roles: [role],
      hash: hash(passwordOf(account)),
    })),
  }
}

export class ConsoleStand implements AsyncDisposable {
  readonly devices = new Map<string, DeviceHost>()
  readonly #stack = new AsyncDisposableStack()
  readonly #dir: string
  readonly #entries: DeviceEntry[] = []
  #browser: Browser | null = null
  url = ''

  private constructor() {
    this.#dir = this.#stack.use(tempDir()).path
  }

  static async open(placed: readonly Placed[]): Promise<ConsoleStand> {
    const stand = new ConsoleStand()
    try {
      await stand.#start(placed)
      return stand
    } catch (error) {
      await stand[Symbol.asyncDispose]()
      throw error
    }
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  /** What the device itself says, such as where its steel stands. */
  detail(name: string, what: string): unknown {
    return this.devices.get(name)?.state?.detail[what]
  }
  async state(): Promise<Told> {
    return (await (await fetch(`${this.url}/local/state`)).json()) as Told
  }

  /** The console in a browser, in one language and colour. */
  async visit(
    language: 'zh' | 'en',
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<ConsolePage> {
    this.#browser ??= await this.#openBrowser()
    const context = await this.#browser.newContext({
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      colorScheme,
      viewport: { width: 1440, height: 1000 },
    })
    const page = await context.newPage()
    const visitor = new ConsolePage(page)
    await page.goto(this.url)
    return visitor
  }

  async #openBrowser() {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    })
    this.#stack.defer(() => browser.close())
    return browser
  }

  async #start(placed: readonly Placed[]) {
    for (const device of placed) await this.#place(device)
    const identities = { broker: 'server', server: 'client', [gateway]: 'client' } as const
    const pki = await ensurePki(join(this.#dir, 'pki'), identities, systemClock)
    const files = { ca: pki.ca, ...pki.of('broker') }
    const broker = await startBroker({ site, port: 0, files, log: silent })
    this.#stack.defer(() => broker.stop())
    const url = `mqtts://127.0.0.1:${broker.port}`
    const key = generateKeyPairSync('ed25519')
    await this.#gateway(url, pki, key.publicKey)
    const server = await connectAsync(url, {
      clientId: 'server',
      ca: readFileSync(pki.ca),
      cert: readFileSync(pki.of('server').cert),
      key: readFileSync(pki.of('server').key),
    })
    this.#stack.defer(() => server.endAsync(true))
    await this.#enrol(server, key.privateKey)
  }

  async #place({ name, spec = (s) => s, entry = (e) => e }: Placed) {
    const standalone = standaloneNamed(name)
    const host = new DeviceHost({
      id: name,
      clock: systemClock,
      log: silent,
      spec: () =>
        spec(standalone.spec({ port: 0, path: '', seed: 'console', trust: [], allowNone: true })),
      onReady: ({ port = 0 }) =>
        void this.#entries.push(entry(standalone.entry({ host: '127.0.0.1', port, path: '' }))),
      onState: () => undefined,
      onDown: () => undefined,
    })
    this.#stack.defer(() => host.stop())
    this.devices.set(name, host)
    await host.start()
    for (const message of standalone.first) await host.send(message)
  }

  async #gateway(url: string, pki: Pki, publicKey: KeyObject) {
    const file = (name: string, text: string) => {
      const path = join(this.#dir, name)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    }
    const pem = file('server.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString())
    // JSON is YAML.
    const list = file('devices.yaml', JSON.stringify({ version: 1, devices: this.#entries }))
    const unit = new NodeProcess<{ port: number }>({
      name: 'gateway',
      entry: 'gateway/src/main.ts',
      log: new LogFile(join(this.#dir, 'gateway.log')),
      env: () => ({
        LANTAI_SITE: site,
        GATEWAY_ID: gateway,
        GATEWAY_DATA_DIR: join(this.#dir, 'data'),
        DEVICES_FILE: list,
        MQTT_URL: url,
        MQTT_CA: pki.ca,
        MQTT_CERT: pki.of(gateway).cert,
        MQTT_KEY: pki.of(gateway).key,
        SERVER_COMMAND_PUB: pem,
        SERVER_LEDGER_PUB: pem,
        LOG_LEVEL: 'warn',
      }),
    })
    const running = await unit.launch()
    this.#stack.defer(async () => {
      running.stop()
      await running.ended
    })
    const { port } = await running.ready.catch(async (error: unknown) => {
      throw new Error((await running.ended).tail, { cause: error })
    })
    this.url = `http://127.0.0.1:${port}`
  }

  /** The server's word of who may sign in; said again until the gateway has heard it. */
  async #enrol(server: MqttClient, key: KeyObject) {
    const body = JSON.stringify(rosterOf())
    const sig = sign(null, Buffer.from(body), key).toString('base64')
    await until(async () => {
      await server.publishAsync(topics(site, gateway).roster, JSON.stringify({ body, sig }), {
        qos: 1,
      })
      return (await this.state()).rosterVersion === 1
    })
  }
}

/** A person before the console. */
export class ConsolePage {
  readonly page: Page
  /** Uncaught errors and breaches of the content security policy. */
  readonly faults: string[] = []

  constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.faults.push(error.stack ?? error.message))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.faults.push(message.text())
    })
  }

  async signIn(account: string) {
    const form = this.page.locator('#sign-in-form')
    await form.locator('[name=account]').fill(account)
    await form.locator('[name=password]').fill(passwordOf(account))
    await form.locator('button').click()
    await this.page.locator('#sign-out').waitFor()
  }
  /** Signs the open dialog as a second person. */
  async second(account: string) {
    await this.page.locator('#ask-second [name=account]').fill(account)
    await this.page.locator('#ask-second [name=password]').fill(passwordOf(account))
  }
  /** Sends the open dialog; resolves when it has closed. */
  async send() {
    await this.page.locator('#ask-go').click()
    await this.page.locator('#ask').waitFor({ state: 'hidden' })
  }
  /** The element that has the focus, as `INPUT name`. */
  focused(): Promise<string> {
    return this.page.evaluate(
      '[document.activeElement.tagName, document.activeElement.name].join(" ")',
    )
  }
  /** What shuts people out: one line for each serious or critical finding of axe. */
  async serious(): Promise<string[]> {
    await this.page.evaluate(axe)
    return this.page.evaluate(
      `axe.run(document).then(({ violations }) => violations
        .filter((v) => v.impact === 'serious' || v.impact === 'critical')
        .map((v) => v.id + ' ' + v.nodes[0].html + ' ' + v.nodes[0].failureSummary))`,
    )
  }
}
