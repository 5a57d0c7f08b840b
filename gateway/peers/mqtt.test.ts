/** Our MQTT drivers behind a Mosquitto, fed by Paho and by Mosquitto's own clients: no side of it is ours but the driver. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect } from 'vitest'
import { createSystemClock } from '../src/core/system-clock.ts'
import type { DriverDeps } from '../src/drivers/driver.ts'
import { createImpinjDriver } from '../src/drivers/impinj-iot/driver.ts'
import { EventLog } from '../src/drivers/testing/event-log.ts'
import { createZebraDriver } from '../src/drivers/zebra-iotc/driver.ts'
import { createZigbeeDriver } from '../src/drivers/zigbee2mqtt/driver.ts'
import { mosquitto, peerTest, python, Running } from './programs.ts'

const vendor = fileURLToPath(new URL('./paho-vendor.py', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-mqtt-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function broker(port: number): Promise<Running> {
  const file = join(folder, `${port}.conf`)
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`)
  const running = new Running(mosquitto, ['-c', file])
  await running.line(/mosquitto version .* running/)
  return running
}

/** A Paho client that publishes what it is told. */
class Vendor implements AsyncDisposable {
  readonly #child
  private constructor(port: number) {
    this.#child = spawn(python, [vendor, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  }
  static async connect(port: number): Promise<Vendor> {
    const made = new Vendor(port)
    await once(made.#child.stdout, 'data')
    return made
  }
  async say(topic: string, payload: string, retain = false) {
    this.#child.stdin.write(`${topic}\t${retain ? 1 : 0}\t${payload}\n`)
    await once(this.#child.stdout, 'data')
  }
  async [Symbol.asyncDispose]() {
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}

const deps = (events: EventLog): DriverDeps => ({
  clock: createSystemClock(),
  log: pino({ level: 'silent' }),
  emit: events.emit,
})
const url = (port: number) => ({ url: `mqtt://127.0.0.1:${port}` })
const subscribed = (events: EventLog) => events.next('health', (h) => h.state === 'unknown')

const impinj = (n: number) =>
  JSON.stringify({
    timestamp: '2026-11-22T06:03:11.119087177Z',
    hostname: 'impinj-14-46-36',
    eventType: 'tagInventory',
    tagInventoryEvent: {
      epc: Buffer.from(`30342300000000000000000${n}`, 'hex').toString('base64'),
      antennaPort: 2,
      peakRssiCdbm: -5250,
    },
  })

peerTest(
  ['mosquitto', 'paho'],
  'Impinj events that Paho publishes through Mosquitto are reads; a killed broker is lost and found again',
  async () => {
    const port = await freePort()
    const first = await broker(port)
    const events = new EventLog()
    await using driver = createImpinjDriver(
      {
        id: 'reader-1',
        label: 'r',
        driver: 'impinj-iot',
        broker: url(port),
        topic: 'vendor/demo/reader-1/#',
        role: 'desk',
      },
      deps(events),
    )
    driver.start()
    await subscribed(events)
    {
      await using paho = await Vendor.connect(port)
      await paho.say('vendor/demo/reader-1/events', impinj(1))
      const { reads } = await events.next('tags')
      expect(reads).toEqual([
        {
          epc: '303423000000000000000001',
          antenna: 2,
          count: 1,
          rssiDbm: -52.5,
          deviceTimeMs: Date.parse('2026-11-22T06:03:11.119Z'),
        },
      ])
    }
    await first[Symbol.asyncDispose]()
    await events.next('health', (h) => h.state === 'offline')
    await using second = await broker(port)
    expect(second).toBeDefined()
    await events.next('hole', (h) => h.reason === 'observation-hole')
    await using paho = await Vendor.connect(port)
    await paho.say('vendor/demo/reader-1/events', impinj(2))
    expect((await events.next('tags')).reads[0]?.epc).toBe('303423000000000000000002')
  },
)

peerTest(
  ['mosquitto', 'mosquitto clients'],
  'Zebra arrays of mosquitto_pub are reads, and their missing numbers are counted',
  async () => {
    const port = await freePort()
    await using running = await broker(port)
    expect(running).toBeDefined()
    const events = new EventLog()
    await using driver = createZebraDriver(
      {
        id: 'reader-2',
        label: 'r',
        driver: 'zebra-iotc',
        broker: url(port),
        topic: 'site/zebra/tags',
        role: 'gate',
      },
      deps(events),
    )
    driver.start()
    await subscribed(events)
    const say = async (...nums: number[]) => {
      const message = nums.map((eventNum) => ({
        data: {
          PC: '3000',
          antenna: 1,
          channel: 927.25,
          eventNum,
          format: 'epc',
          idHex: 'e28068940000501ec938b5a1',
          peakRssi: -54,
          reads: 3,
        },
        timestamp: '2023-02-24T10:14:42.851+0000',
        type: 'INVENTORY',
      }))
      const args = ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', 'site/zebra/tags']
      const pub = spawn('mosquitto_pub', [...args, '-m', JSON.stringify(message)])
      await once(pub, 'exit')
    }
    await say(10, 11)
    const { reads } = await events.next('tags')
    expect(reads).toHaveLength(2)
    expect(reads[0]).toMatchObject({
      epc: 'E28068940000501EC938B5A1',
      pc: 0x3000,
      frequencyKhz: 927_250,
      count: 3,
    })
    await say(49)
    expect(await events.next('hole')).toMatchObject({ count: 37, reason: 'observation-hole' })
    const degraded = await events.next('health', (h) => h.state === 'degraded')
    expect(degraded.detail).toMatch(/^37 reads lost \d\d:\d\d:\d\d–\d\d:\d\d:\d\d$/)
  },
)

peerTest(
  ['mosquitto', 'paho'],
  'a Zigbee smoke detector: what the broker kept from long ago is unknown, what is said now counts',
  async () => {
    const port = await freePort()
    await using running = await broker(port)
    expect(running).toBeDefined()
    await using paho = await Vendor.connect(port)
    const state = (smoke: boolean, ageMs: number) =>
      JSON.stringify({
        smoke,
        battery_low: false,
        last_seen: new Date(Date.now() - ageMs).toISOString(),
      })
    await paho.say('zigbee2mqtt/smoke-1', state(false, 86_400_000), true)
    const events = new EventLog()
    await using driver = createZigbeeDriver(
      {
        id: 'zigbee-1',
        label: 'z',
        driver: 'zigbee2mqtt',
        broker: url(port),
        devices: [{ name: 'smoke-1', model: 'HS1SA-E', id: 'smoke-z', label: 's', room: 'R1' }],
      },
      deps(events),
    )
    driver.start()
    await subscribed(events)
    await paho.say('zigbee2mqtt/smoke-1', state(true, 0))
    const known = await events.next('contact', (c) => c.state !== 'unknown')
    expect(known).toMatchObject({ input: 'smoke-z', state: 'active' })
    expect(
      await events.next('contact', (c) => c.input === 'smoke-z-battery' && c.state !== 'unknown'),
    ).toMatchObject({ state: 'clear' })
  },
)
