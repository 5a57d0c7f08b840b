/**
 * The whole store, a system officer who is signed in, and one more simulated device that the store does not know yet:
 * `stand = await OfficerSite.open('llrp-zebra', 'count-1')`.
 */
import { join } from 'node:path'
import type { api, DeviceEntry, ResponseOf } from '@lantai/contracts'
import { DeviceHost, type Standalone, type StandaloneAddress } from '@lantai/firmware-sim'
import { pino } from 'pino'
import { choosePort } from '../postgres/ports.ts'
import { sharedEngineDir } from '../postgres/scratch.ts'
import { Site } from '../site.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir } from '../testing.ts'
import { standaloneNamed } from './rig.ts'

type Devices = ResponseOf<typeof api.devices.listDevices>

export interface Answer<T> {
  status: number
  body: T & { code?: string; detail?: string }
}

/** What the officer asks of the only gateway. */
export const gatewayPath = '/api/gateways/gw-01'

export class OfficerSite implements AsyncDisposable {
  readonly site: Site
  /** Where the store keeps what it has. */
  readonly dataDir: string
  readonly device: DeviceHost
  readonly #model: Standalone
  readonly #dir: Disposable
  readonly #ready = Promise.withResolvers<StandaloneAddress>()
  #at: StandaloneAddress | undefined
  #cookie = ''

  private constructor(name: string, id: string, port: number) {
    const dir = tempDir()
    this.#dir = dir
    this.dataDir = join(dir.path, 'data')
    this.site = new Site({
      ...{ dataDir: this.dataDir, engineDir: sharedEngineDir(), port },
      simulator: { SIM_TODAY: '2026-11-22' },
    })
    this.#model = standaloneNamed(name)
    this.device = new DeviceHost({
      id,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      // Started again it is where it was.
      spec: () => {
        const { port = 0 } = this.#at ?? {}
        return this.#model.spec({ port, path: '', seed: id, trust: [], allowNone: false })
      },
      onReady: ({ port = 0, path = '' }) => this.#ready.resolve({ host: '127.0.0.1', port, path }),
      onState: () => undefined,
      onDown: () => undefined,
    })
  }

  /** `name` as in `npm run sim -- NAME`. */
  static async open(name: string, id: string): Promise<OfficerSite> {
    const stand = new OfficerSite(name, id, await choosePort())
    try {
      await stand.#start()
      return stand
    } catch (error) {
      await stand[Symbol.asyncDispose]()
      throw error
    }
  }

  async #start() {
    await this.site.start()
    await this.site.settled()
    const officer = this.site.accounts.find((a) => a.roles.includes('systemOfficer'))
    const { account, password } = officer ?? {}
    const { status } = await this.call('POST', '/api/session', { account, password })
    if (status !== 200) throw new Error(`the officer cannot sign in: ${status}`)
    await this.device.start()
    for (const message of this.#model.first) await this.device.send(message)
    this.#at = await this.#ready.promise
  }

  async call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer<T>> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(this.site.url + path, {
      method,
      headers: { cookie: this.#cookie, origin: this.site.url, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const [set] = answer.headers.getSetCookie()
    if (set) this.#cookie = set.split(';')[0] ?? ''
    return { status: answer.status, body: (await answer.json()) as Answer<T>['body'] }
  }

  async devices(): Promise<Devices> {
    return (await this.call<Devices>('GET', `${gatewayPath}/devices`)).body
  }
  async health(device: string) {
    return (await this.devices()).devices.find((d) => d.device === device)?.health ?? null
  }

  /** An entry of the device list for the device. */
  entry(more: object): DeviceEntry {
    if (!this.#at) throw new Error('the device is not up')
    return { ...this.#model.entry(this.#at), ...more } as DeviceEntry
  }

  /** Puts one device, on the newest base. */
  async put(entry: DeviceEntry, more: object = {}) {
    const { version } = await this.devices()
    const body = { base: version, entry, reason: 'site test', ...more }
    return await this.call<{ version: number }>('POST', `${gatewayPath}/devices/${entry.id}`, body)
  }

  async [Symbol.asyncDispose]() {
    await this.device.stop()
    await this.site.stop()
    this.#dir[Symbol.dispose]()
  }
}
