/** The embedded MQTT broker as a process. In production Mosquitto or EMQX with the same ACL takes its place (D19). */
import { Name } from '@lantai/contracts'
import { pino } from 'pino'
import { Type } from 'typebox'
import { configOrExit } from '../config.ts'
import { startBroker } from './broker.ts'

const Path = Type.String({ minLength: 1 })
const config = configOrExit(
  Type.Object({
    LANTAI_SITE: Name,
    BROKER_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
    BROKER_CA: Path,
    BROKER_CERT: Path,
    BROKER_KEY: Path,
    /** File of vendor accounts; without it there is no port for vendor devices. */
    BROKER_VENDOR_ACCOUNTS: Type.Optional(Path),
    BROKER_VENDOR_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
    BROKER_VENDOR_HOST: Type.String({ default: '127.0.0.1' }),
    LOG_LEVEL: Type.String({ pattern: '^(fatal|error|warn|info|debug|trace)$', default: 'info' }),
  }),
)

const log = pino({ name: 'broker', level: config.LOG_LEVEL })
const broker = await startBroker({
  site: config.LANTAI_SITE,
  port: config.BROKER_PORT,
  files: { ca: config.BROKER_CA, cert: config.BROKER_CERT, key: config.BROKER_KEY },
  ...(config.BROKER_VENDOR_ACCOUNTS === undefined
    ? {}
    : {
        vendor: {
          port: config.BROKER_VENDOR_PORT,
          host: config.BROKER_VENDOR_HOST,
          accounts: config.BROKER_VENDOR_ACCOUNTS,
        },
      }),
  log,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void broker.stop().then(() => process.exit(0))
  })
const { port, vendorPort } = broker
log.info({ port, vendorPort }, 'broker ready')
process.send?.({ ready: true, port, vendorPort })
