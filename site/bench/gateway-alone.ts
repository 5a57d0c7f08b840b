/** A gateway with nothing above it: no broker, no server. What it is told stays in its outbox. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { DeviceEntry } from '@lantai/contracts'
import { DeviceHost, type Standalone, standalones } from '@lantai/firmware-sim'
import { pino } from 'pino'
import { ensurePki } from '../src/pki/files.ts'
import { smallMachine, smallMemory } from '../src/processes.ts'
import { LogFile } from '../src/supervise/log-file.ts'
import { NodeProcess } from '../src/supervise/node-process.ts'
import type { Running } from '../src/supervise/running.ts'
import { systemClock } from '../src/system-clock.ts'
import { tempDir } from '../src/testing.ts'

const silent = pino({ level: 'silent' })

/** Simulated devices by themselves, each on a port of its own, and the device list that fits them. */
export class Bench implements AsyncDisposable {
  readonly #hosts: DeviceHost[] = []
  /** Where the serial lines have their names. */
  readonly #dir = tempDir()
  readonly entries: DeviceEntry[] = []

  /** Starts one more; `edit` makes its entry unlike the others'. */
  async add(name: string, edit: (entry: DeviceEntry) => DeviceEntry): Promise<DeviceHost> {
    const standalone = standalones.find((s) => s.name === name)
    if (!standalone) throw new Error(`no simulated device ${name}`)
    const host = await this.#start(standalone, edit)
    this.#hosts.push(host)
    return host
  }

  async #start(s: Standalone, edit: (entry: DeviceEntry) => DeviceEntry): Promise<DeviceHost> {
    const options = {
      port: 0,
      path: join(this.#dir.path, `tty-${this.entries.length}`),
      seed: `bench-${this.entries.length}`,
      trust: [],
      allowNone: true,
    }
    const host = new DeviceHost({
      id: s.name,
      clock: systemClock,
      log: silent,
      spec: () => s.spec(options),
      onReady: ({ port = 0, path = '' }) =>
        void this.entries.push(edit(s.entry({ host: '127.0.0.1', port, path }))),
      onState: () => undefined,
      onDown: () => undefined,
    })
    await host.start()
    for (const message of s.first) await host.send(message)
    return host
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.#hosts.map((h) => h.stop()))
    this.#dir[Symbol.dispose]()
  }
}

/** On a connection of its own: while the peer holds this process up, a kept one is closed by the other side. */
async function textOf(url: string): Promise<string> {
  const [answer] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
  return await text(answer)
}

export class GatewayAlone implements AsyncDisposable {
  readonly #dir = tempDir()
  #running: Running<{ port: number }> | null = null
  #port = 0

  static async start(devices: readonly DeviceEntry[]): Promise<GatewayAlone> {
    const gateway = new GatewayAlone()
    await gateway.#launch(devices)
    return gateway
  }

  /** One that has been started before, as gateways are for all their life but its first hour: its code is compiled. */
  static async startAgain(devices: readonly DeviceEntry[]): Promise<GatewayAlone> {
    const gateway = await GatewayAlone.start(devices)
    await gateway.#stop()
    await gateway.#launch(devices)
    return gateway
  }

  get pid(): number | undefined {
    return this.#running?.pid
  }
  /** Its data directory. */
  get dir(): string {
    return join(this.#dir.path, 'data')
  }

  async #launch(devices: readonly DeviceEntry[]) {
    const file = (name: string, text: string) => {
      const path = join(this.#dir.path, name)
      writeFileSync(path, text, { mode: 0o600 })
      return path
    }
    const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
    const pki = await ensurePki(join(this.#dir.path, 'pki'), { 'gw-01': 'client' }, systemClock)
    // JSON is YAML.
    const list = file('devices.yaml', JSON.stringify({ version: 1, devices }))
    const unit = new NodeProcess<{ port: number }>({
      name: 'gateway',
      entry: 'gateway/src/main.ts',
      nodeOptions: smallMachine,
      log: new LogFile(join(this.#dir.path, 'gateway.log')),
      env: () => ({
        LANTAI_SITE: 'bench',
        GATEWAY_ID: 'gw-01',
        GATEWAY_DATA_DIR: this.dir,
        DEVICES_FILE: list,
        MQTT_URL: 'mqtts://127.0.0.1:1',
        MQTT_CA: pki.ca,
        MQTT_CERT: pki.of('gw-01').cert,
        MQTT_KEY: pki.of('gw-01').key,
        SERVER_COMMAND_PUB: file('command.pub', key.toString()),
        SERVER_LEDGER_PUB: file('ledger.pub', key.toString()),
        OUTBOX_MAX_MB: '4096',
        LOG_LEVEL: 'warn',
        ...smallMemory(this.dir),
      }),
    })
    this.#running = await unit.launch()
    this.#port = (await this.#running.ready).port
  }

  /** Records that wait in a lane. */
  async backlog(lane: string): Promise<number> {
    const metrics = await textOf(`http://127.0.0.1:${this.#port}/metrics`)
    const line = new RegExp(`^\\S*backlog_items\\{lane="${lane}"\\} (\\d+)`, 'm').exec(metrics)
    if (!line) throw new Error('the gateway does not say what waits')
    return Number(line[1])
  }

  async [Symbol.asyncDispose]() {
    await this.#stop()
    this.#dir[Symbol.dispose]()
  }

  async #stop() {
    this.#running?.stop()
    await this.#running?.ended
  }
}
