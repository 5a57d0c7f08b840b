/** A gateway as it stands on site, with both outlets open and a driver's own words behind them. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { DeviceHost } from '@lantai/firmware-sim'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ensurePki } from '../pki/files.ts'
import { LogFile } from '../supervise/log-file.ts'
import { NodeProcess } from '../supervise/node-process.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir, until } from '../testing.ts'
import { openBroker } from './broker.ts'
import { standaloneNamed } from './rig.ts'

test('a real gateway shows the room over Sparkplug and OPC UA, reading after reading, and lives', async () => {
  await using stack = new AsyncDisposableStack()
  const { path: dir } = stack.use(tempDir())
  const file = (name: string, text: string) => {
    const path = join(dir, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const device = standaloneNamed('modbus-air-tcp')
  let port = 0
  const air = new DeviceHost({
    id: device.name,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    spec: () => device.spec({ port: 0, path: '', seed: 'plant', trust: [], allowNone: false }),
    onReady: (ready) => {
      port = ready.port ?? 0
    },
    onState: () => undefined,
    onDown: () => undefined,
  })
  stack.defer(() => air.stop())
  await air.start()

  const broker = await openBroker()
  stack.defer(() => broker.stop())
  const plant = await connectAsync(`mqtt://127.0.0.1:${broker.port}`)
  stack.defer(() => plant.endAsync(true))
  const heard: string[] = []
  plant.on('message', (topic) => void heard.push(topic))
  await plant.subscribeAsync('spBv1.0/#')

  const entry = { ...device.entry({ host: '127.0.0.1', port, path: '' }), everyMs: 500 }
  const view = await freePort()
  const pki = await ensurePki(join(dir, 'pki'), { 'gw-01': 'client' }, systemClock)
  const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  const key = file('server.pub', pem.toString())
  const hash = `scrypt$1024$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=`
  const env = {
    LANTAI_SITE: 'field',
    GATEWAY_ID: 'gw-01',
    GATEWAY_DATA_DIR: join(dir, 'data'),
    // JSON is YAML.
    DEVICES_FILE: file('devices.yaml', JSON.stringify({ version: 1, devices: [entry] })),
    MQTT_URL: 'mqtts://127.0.0.1:1',
    MQTT_CA: pki.ca,
    MQTT_CERT: pki.of('gw-01').cert,
    MQTT_KEY: pki.of('gw-01').key,
    SERVER_COMMAND_PUB: key,
    SERVER_LEDGER_PUB: key,
    SPARKPLUG_FILE: file(
      'sparkplug.yaml',
      JSON.stringify({
        url: `mqtt://127.0.0.1:${broker.port}`,
        group: 'archive',
        edgeNode: 'gw-01',
      }),
    ),
    OPCUA_VIEW_FILE: file(
      'view.yaml',
      JSON.stringify({ port: view, users: [{ name: 'scada', hash }] }),
    ),
    LOG_LEVEL: 'error',
  }
  const unit = new NodeProcess<{ port: number }>({
    name: 'gateway',
    entry: 'gateway/src/main.ts',
    log: new LogFile(join(dir, 'gateway.log')),
    env: () => env,
  })
  const gateway = await unit.launch()
  stack.defer(async () => {
    gateway.stop()
    await gateway.ended
  })
  await gateway.ready

  const data = 'spBv1.0/archive/DDATA/gw-01/air-1'
  const told = () => heard.filter((topic) => topic === data).length
  const warmer = (n: number) =>
    air.send({ type: 'air', air: { 1: { temperature: 18 + (n % 10), humidity: 50 } } })
  let looks = 0
  const isTold = async () => {
    await warmer(looks++)
    return told() >= 4
  }
  await Promise.race([until(isTold), ended(gateway.ended)])
  // A connection that was lost before its birth leaves a will that ends nothing.
  const [birth, death] = ['spBv1.0/archive/NBIRTH/gw-01', 'spBv1.0/archive/NDEATH/gw-01']
  const lived = heard.slice(heard.findIndex((topic) => topic !== death))
  expect(lived.slice(0, 2)).toEqual([birth, 'spBv1.0/archive/DBIRTH/gw-01/air-1'])
  expect(lived).not.toContain(death)
  await Promise.race([until(() => answersHello(view)), ended(gateway.ended)])
})

/** Fails at once with the gateway's own last words. */
async function ended(end: Promise<{ tail: string }>): Promise<never> {
  throw new Error((await end).tail)
}

async function freePort(): Promise<number> {
  const broker = await openBroker()
  await broker.stop()
  return broker.port
}

/** An OPC UA server acknowledges a HELLO. */
async function answersHello(port: number): Promise<boolean> {
  const url = Buffer.from(`opc.tcp://127.0.0.1:${port}`)
  const hello = Buffer.alloc(32 + url.length)
  hello.write('HELF')
  hello.writeUInt32LE(hello.length, 4)
  hello.writeUInt32LE(65_536, 12)
  hello.writeUInt32LE(65_536, 16)
  hello.writeUInt32LE(url.length, 28)
  url.copy(hello, 32)
  const socket = connectTcp(port, '127.0.0.1')
  try {
    socket.write(hello)
    const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [
      unknown,
    ]
    return Buffer.isBuffer(answer) && answer.toString('latin1', 0, 3) === 'ACK'
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
