import { readFileSync } from 'node:fs'
import { GatewayConfig, readConfig } from './core/config.ts'
import { loadDevices } from './core/device-file.ts'
import { createLifecycle, followSignals } from './core/lifecycle.ts'
import { createLog } from './core/log.ts'
import { startGateway } from './gateway.ts'
import { pinnedKey } from './uplink/signed.ts'

/** EX_CONFIG: nothing was opened, nothing was touched. */
function refuse(wrong: string[]): never {
  for (const line of wrong) process.stderr.write(`gateway: ${line}\n`)
  process.exit(78)
}

const read = readConfig(GatewayConfig, process.env)
if (!read.ok) refuse(read.wrong)
const { config } = read

const wrong: string[] = []
function attempt<T>(what: string, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    wrong.push(`${what}: ${(error as Error).message}`)
    return null
  }
}
const key = (name: 'SERVER_COMMAND_PUB' | 'SERVER_LEDGER_PUB') =>
  attempt(name, () => pinnedKey(readFileSync(config[name], 'utf8')))
const commandKey = key('SERVER_COMMAND_PUB')
const ledgerKey = key('SERVER_LEDGER_PUB')
for (const name of ['MQTT_CA', 'MQTT_CERT', 'MQTT_KEY'] as const)
  attempt(name, () => readFileSync(config[name]))
const fileText = attempt('DEVICES_FILE', () => readFileSync(config.DEVICES_FILE, 'utf8')) ?? ''
const loaded = loadDevices(fileText)
if (!loaded.ok && fileText) wrong.push(...loaded.wrong.map((w) => `${config.DEVICES_FILE}: ${w}`))
if (wrong.length > 0 || !loaded.ok || !commandKey || !ledgerKey) refuse(wrong)

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string }
const log = createLog(config.LOG_LEVEL, config.GATEWAY_ID)
const life = createLifecycle(log, (code) => process.exit(code))
followSignals(life, log)
try {
  const { port } = await startGateway({
    config,
    file: loaded.file,
    fileText,
    commandKey,
    ledgerKey,
    software: `lantai-gateway ${version}`,
    log,
    life,
  })
  process.send?.({ ready: true, port })
} catch (error) {
  life.fail(error)
}
