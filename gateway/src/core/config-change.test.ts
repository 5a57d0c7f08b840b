import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { append } from '../outbox/append.ts'
import { itemsOf, newDir, openTest, record } from '../outbox/testing.ts'
import { limitsOf } from '../outbox/types.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const backlog = ['alarm', 'custody', 'reads', 'telemetry'] as const

function filledStore() {
  const dir = newDir()
  const store = openTest(dir)
  for (let n = 0; n < 500; n++)
    append(store, [{ records: backlog.map((lane) => record(lane, `${n}`.padEnd(200))), puts: [] }])
  const kept = { epoch: store.epoch, items: backlog.map((lane) => itemsOf(store, lane)) }
  store.close()
  return { dir, kept }
}
/** The store's files; a start keeps a compile cache beside them. */
const bytesOf = (dir: string) =>
  Object.fromEntries(
    readdirSync(dir)
      .filter((f) => f.startsWith('outbox'))
      .map((f) => [f, readFileSync(join(dir, f)).toString('hex')]),
  )

/** Starts the gateway as it is started everywhere, and gives its exit code and what it said. */
async function start(dataDir: string, devices: string) {
  const dir = newDir()
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  const child = spawn(process.execPath, ['--conditions=source', main], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      LANTAI_SITE: 'demo',
      GATEWAY_ID: 'gw-01',
      GATEWAY_DATA_DIR: dataDir,
      DEVICES_FILE: file('devices.yaml', devices),
      MQTT_URL: 'mqtts://127.0.0.1:1',
      MQTT_CA: file('ca', ''),
      MQTT_CERT: file('cert', ''),
      MQTT_KEY: file('key', ''),
      SERVER_COMMAND_PUB: file('command.pub', key.toString()),
      SERVER_LEDGER_PUB: file('ledger.pub', key.toString()),
    },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [[code]] = await Promise.all([once(child, 'exit'), once(child.stderr, 'close')])
  return { code, said }
}

test('D12: a configuration that is refused has touched no byte of the store', async () => {
  const { dir } = filledStore()
  const before = bytesOf(dir)
  expect(Object.keys(before)).toContain('outbox.db')
  const { code, said } = await start(dir, 'version: 1\ndevices: [{ id: x, driver: telepathy }]\n')
  expect(code).toBe(78)
  expect(said).toContain('devices.0.driver')
  expect(bytesOf(dir)).toEqual(before)
})

test('D12: another size or other devices change no record of the store, none of its numbers and not its epoch', () => {
  const { dir, kept } = filledStore()
  for (const mb of [1, 512, 0.01]) {
    const store = openTest(dir, limitsOf(mb))
    expect({ epoch: store.epoch, items: backlog.map((lane) => itemsOf(store, lane)) }).toEqual(kept)
    store.close()
  }
})
