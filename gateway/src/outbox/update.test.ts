import { fork } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { append } from './append.ts'
import { StoreTooNew } from './sqlite.ts'
import { itemsOf, newDir, openTest, record } from './testing.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const lanes = ['alarm', 'custody', 'reads', 'telemetry'] as const

function filledStore() {
  const dir = newDir()
  const store = openTest(dir)
  for (let n = 0; n < 300; n++)
    append(store, [{ records: lanes.map((lane) => record(lane, n)), puts: [] }])
  append(store, [{ records: [], puts: [{ key: 'latch.forbid.B9', value: '{"since":"x"}' }] }])
  const kept = keptOf(store)
  store.close()
  return { dir, path: join(dir, 'outbox.db'), kept }
}
const keptOf = (store: ReturnType<typeof openTest>) => ({
  epoch: store.epoch,
  items: lanes.map((lane) => itemsOf(store, lane)),
  state: store.state(),
})

function setVersion(path: string, version: number) {
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA user_version=${version}`)
  db.close()
}
const versionOf = (path: string) => {
  const db = new DatabaseSync(path, { readOnly: true })
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
    user_version: number
  }
  db.close()
  return version
}

test('D12: a store from before versions were counted is brought up with every record, number and latch', () => {
  const { dir, path, kept } = filledStore()
  setVersion(path, 0)
  const store = openTest(dir)
  expect(keptOf(store)).toEqual(kept)
  store.close()
  expect(versionOf(path)).toBe(1)
})

test('an unclean store keeps its version over the copy into a fresh file', () => {
  const { dir, path, kept } = filledStore()
  const killed = openTest(dir)
  killed.db.close()
  const store = openTest(dir)
  expect(keptOf(store)).toEqual(kept)
  store.close()
  expect(versionOf(path)).toBe(1)
})

test('D12: a newer store is refused in one sentence and not touched', () => {
  const { dir, path } = filledStore()
  setVersion(path, 2)
  const before = readFileSync(path)
  expect(() => openTest(dir)).toThrow(StoreTooNew)
  expect(() => openTest(dir)).toThrow(
    /is a store of version 2; this gateway knows up to 1: start the newer gateway again$/,
  )
  expect(readFileSync(path).equals(before)).toBe(true)
})

/** The gateway as it is started everywhere, without a server to drain to. */
function start(dataDir: string) {
  const dir = newDir()
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
  const child = fork(main, [], {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...{ LANTAI_SITE: 'demo', GATEWAY_ID: 'gw-01', GATEWAY_DATA_DIR: dataDir },
      DEVICES_FILE: file('devices.yaml', 'version: 1\ndevices: []\n'),
      MQTT_URL: 'mqtts://127.0.0.1:1',
      ...{ MQTT_CA: file('ca', ''), MQTT_CERT: file('cert', ''), MQTT_KEY: file('key', '') },
      SERVER_COMMAND_PUB: file('command.pub', key.toString()),
      SERVER_LEDGER_PUB: file('ledger.pub', key.toString()),
    },
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return { child, said: () => said }
}

test('a gateway that is older than its store ends with that sentence', async () => {
  const { dir, path } = filledStore()
  setVersion(path, 9)
  const { child, said } = start(dir)
  const [code] = await once(child, 'exit')
  expect(code).not.toBe(0)
  expect(said()).toMatch(/^gateway: .*is a store of version 9; this gateway knows up to 1/)
})
