import { readFileSync } from 'node:fs'
import { GatewayConfig, readConfig } from './core/config.ts'
import { loadDevices } from './core/device-file.ts'
import { createLifecycle, followSignals } from './core/lifecycle.ts'
import { createLog } from './core/log.ts'
import { type GatewayInputs, startGateway } from './gateway.ts'
import { loadOpcUaView } from './outlets/opcua/settings.ts'
import { loadSparkplug } from './outlets/sparkplug/settings.ts'
import { pinnedKey } from './uplink/signed.ts'

type Files = Omit<GatewayInputs, 'log' | 'life' | 'runs'>

/**
 * Reads and checks everything that the gateway is told, and starts it; refuses with all that is wrong at once. `runs` is
 * told the device list that runs, at the start and whenever it is another one.
 */
export async function run(
  env: Record<string, string | undefined>,
  runs: GatewayInputs['runs'],
): Promise<{ port: number }> {
  const inputs = readInputs(env)
  if ('wrong' in inputs) {
    for (const line of inputs.wrong) process.stderr.write(`gateway: ${line}\n`)
    // EX_CONFIG: nothing was opened, nothing was touched.
    process.exit(78)
  }
  const { LOG_LEVEL, GATEWAY_ID } = inputs.config
  const log = createLog(LOG_LEVEL, GATEWAY_ID)
  const life = createLifecycle(log, (code) => process.exit(code))
  followSignals(life, log)
  return await startGateway({ ...inputs, log, life, runs })
}

function readInputs(env: Record<string, string | undefined>): Files | { wrong: string[] } {
  const read = readConfig(GatewayConfig, env)
  if (!read.ok) return { wrong: read.wrong }
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
  const fileText = attempt('DEVICES_FILE', () => readFileSync(config.DEVICES_FILE, 'utf8'))
  const loaded = fileText === null ? null : loadDevices(fileText)
  if (loaded && !loaded.ok) wrong.push(...loaded.wrong.map((w) => `${config.DEVICES_FILE}: ${w}`))
  const { SPARKPLUG_FILE: sparkplugFile } = config
  const shown = sparkplugFile ? attempt('SPARKPLUG_FILE', () => loadSparkplug(sparkplugFile)) : null
  if (shown && 'wrong' in shown) wrong.push(...shown.wrong.map((w) => `${sparkplugFile}: ${w}`))
  const { OPCUA_VIEW_FILE: viewFile } = config
  const view = viewFile ? attempt('OPCUA_VIEW_FILE', () => loadOpcUaView(viewFile)) : null
  if (view && 'wrong' in view) wrong.push(...view.wrong.map((w) => `${viewFile}: ${w}`))
  if (!commandKey || !ledgerKey || fileText === null || !loaded?.ok || wrong.length > 0)
    return { wrong }
  return {
    config,
    devices: loaded.devices,
    file: loaded.file,
    commandKey,
    ledgerKey,
    software: softwareName(),
    ...(shown && 'settings' in shown ? { sparkplug: shown.settings } : {}),
    ...(view && 'settings' in view ? { opcUaView: view.settings } : {}),
  }
}

function softwareName(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return `lantai-gateway ${(JSON.parse(text) as { version: string }).version}`
}
