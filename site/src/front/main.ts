/** The front process: holds LANTAI_PORT, also while the server restarts. */
import { pino } from 'pino'
import { configExitCode, configOrExit } from '../config.ts'
import { contradictions, FrontConfig, servedHosts } from './config.ts'
import { createFront } from './front.ts'

const config = configOrExit(FrontConfig)
const wrong = contradictions(config)
if (wrong.length > 0) {
  process.stderr.write(`Configuration cannot be used:\n${wrong.map((w) => `- ${w}\n`).join('')}`)
  process.exit(configExitCode)
}
const log = pino({
  name: 'front',
  level: config.LOG_LEVEL,
  redact: ['*.cookie', '*.authorization'],
})
const app = await createFront({
  serverUrl: config.SERVER_URL,
  dashboardDir: config.DASHBOARD_DIR,
  behindTls: config.LANTAI_BEHIND_TLS === '1',
  hosts: servedHosts(config),
  log,
})
await app.listen({ port: config.LANTAI_PORT, host: config.LANTAI_HOST })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void app.close().then(() => process.exit(0))
  })
process.send?.({ ready: true, port: config.LANTAI_PORT })
