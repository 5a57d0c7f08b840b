import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { connectAsync } from 'mqtt'
import { expect, test } from 'vitest'
import { openBroker } from '../field/broker.ts'
import { repositoryRoot } from '../supervise/node-process.ts'

/** `npm run sim` with these words, until its first line. */
async function sim(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', `${repositoryRoot}site/src/tools/sim.ts`, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return {
    said: JSON.parse(line) as { device: string; port: number; entry: { broker: { url: string } } },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function firstEvent(url: string) {
  const client = await connectAsync(url)
  const heard = new Promise<Buffer>((resolve) =>
    client.once('message', (_topic, payload) => resolve(payload)),
  )
  await client.subscribeAsync('vendor/demo/reader-1/events', { qos: 1 })
  const payload = await heard
  await client.endAsync(true)
  return JSON.parse(payload.toString())
}

test('an MQTT device alone brings its broker, whose address is in its first line', async () => {
  await using running = await sim('zebra-iotc', '--port', '0')
  expect(running.said).toMatchObject({ device: 'zebra-iotc' })
  expect(running.said.entry.broker.url).toBe(`mqtt://127.0.0.1:${running.said.port}`)
  const [event] = await firstEvent(running.said.entry.broker.url)
  expect(event.data.idHex).toMatch(/^34/)
})

test('it publishes to a broker that runs already', async () => {
  const broker = await openBroker()
  await using running = await sim('impinj-iot', '--broker', String(broker.port))
  expect(running.said.port).toBe(broker.port)
  // What it says of its start may be heard before its reads.
  const event = await firstEvent(`mqtt://127.0.0.1:${broker.port}`)
  expect(event.eventType).toMatch(/^(tagInventory|inventoryStatus)$/)
  await broker.stop()
})
