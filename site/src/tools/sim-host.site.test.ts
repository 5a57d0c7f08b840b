/** `npm run sim -- DEVICE --host`: a device listens there and nowhere else, whatever its wire. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../supervise/node-process.ts'

// Every address of 127/8 is this machine; nothing else here uses this one.
const elsewhere = '127.0.0.83'

async function sim(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', `${repositoryRoot}site/src/tools/sim.ts`, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    said: JSON.parse(line) as { host: string; port: number },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

const tcpFree = (port: number, host: string) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
const udpFree = (port: number, host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => socket.close(() => resolve(false)))
    socket.bind(port, host, () => socket.close(() => resolve(true)))
  })

test.each([
  ['TCP', 'llrp-reader', tcpFree],
  ['UDP', 'shelving-mjj', udpFree],
  ['OPC UA', 'ahu-opcua', tcpFree],
  ['MQTT', 'impinj-iot', tcpFree],
] as const)('over %s', async (_, device, isFree) => {
  await using running = await sim(device, '--host', elsewhere)
  const { host, port } = running.said
  expect(host).toBe(elsewhere)
  expect([await isFree(port, elsewhere), await isFree(port, '127.0.0.1')]).toEqual([false, true])
})

test('a device of a broker finds it at the host where it was opened', async () => {
  await using running = await sim('zebra-iotc', '--host', elsewhere)
  const client = await connectAsync(`mqtt://${elsewhere}:${running.said.port}`)
  const heard = new Promise<string>((resolve) => client.once('message', (topic) => resolve(topic)))
  await client.subscribeAsync('vendor/demo/reader-1/events', { qos: 1 })
  expect(await heard).toBe('vendor/demo/reader-1/events')
  await client.endAsync(true)
})
