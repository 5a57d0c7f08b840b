import { join } from 'node:path'
import { minutes } from '@lantai/contracts'
import pg from 'pg'
import { createApp } from './app.ts'
import { contradictions, readConfig, ServerConfig } from './config.ts'
import type { Context } from './context.ts'
import { durabilityFaults } from './db/durability.ts'
import { migrate, readMigrations } from './db/migrate.ts'
import { createDb, createPool } from './db/pool.ts'
import { createDownlink } from './downlink/downlink.ts'
import { every } from './every.ts'
import { startClimateJobs } from './features/climate/climate.ts'
import { createLedger } from './features/custody/custody.ts'
import { recordKeyChange } from './features/custody/key-change.ts'
import { checkLedgerAtStart, keepCheckpoint } from './features/custody/start-check.ts'
import { GatewayLinks } from './features/gateways/links.ts'
import { startGatewayJobs } from './features/gateways/watch.ts'
import { SessionEvents } from './features/people/session-events.ts'
import { startShelvingJobs } from './features/shelving/shelving.ts'
import { Live } from './live/live.ts'
import { startSockets } from './live/sockets.ts'
import { startStatus } from './live/status.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { type Broker, connectBroker } from './mqtt.ts'
import { loadSecrets } from './secrets.ts'
import { systemClock } from './system-clock.ts'
import { Uplink } from './uplink/uplink.ts'
import { writer } from './work.ts'

const EX_CONFIG = 78

const given = readConfig(ServerConfig, process.env)
const wrong = given.ok ? contradictions(given.config) : given.wrong
if (!given.ok || wrong.length > 0) {
  console.error(`The server cannot start:\n${wrong.map((w) => `- ${w}`).join('\n')}`)
  process.exit(EX_CONFIG)
}
const config = given.config
const log = createLog(config.LOG_LEVEL)
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (err: unknown) => {
    log.fatal({ err }, event)
    process.exit(1)
  })

/** Undone in the reverse order, within 5 s. */
const endings: (() => unknown)[] = []
let ending = false
async function end() {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(1), 5_000).unref()
  for (const undo of endings.reverse())
    await Promise.resolve(undo()).catch((err: unknown) => log.warn({ err }, 'while ending'))
  process.exit(0)
}
process.on('SIGTERM', () => void end())
process.on('SIGINT', () => void end())
// The parent is gone: nobody would ever end us.
process.on('disconnect', () => void end())

await start().catch((err: unknown) => {
  log.fatal({ err }, 'the server cannot start')
  console.error(`The server cannot start: ${err instanceof Error ? err.message : String(err)}`)
  process.exit(1)
})

async function start() {
  await migrateAsOwner()
  const broker = await connectBroker(config, log.child({ subsystem: 'mqtt' }), systemClock)
  const ctx = await createContext(broker)
  const faults = await durabilityFaults(ctx.db)
  if (faults.length > 0) throw new Error(faults.join('; '))
  const anchor = join(config.SERVER_SECRETS_DIR, 'checkpoint')
  await checkLedgerAtStart(ctx, anchor)
  await recordKeyChange(ctx, anchor)
  const { http } = await createApp(ctx)
  await http.listen({ host: config.SERVER_HOST, port: config.SERVER_PORT })
  const sockets = startSockets(http.server, ctx)
  const uplink = new Uplink(ctx)
  const stops = [
    startStatus(ctx),
    startGatewayJobs(ctx),
    startClimateJobs(ctx),
    startShelvingJobs(ctx),
    every(ctx, minutes(5), () => keepCheckpoint(ctx, anchor)),
  ]
  broker.start((topic, payload) => uplink.take(topic, payload))
  endings.push(
    () => keepCheckpoint(ctx, anchor),
    () => http.close(),
    () => sockets.close(),
    () => broker.end(),
    () => uplink.settled(),
    () => stops.forEach((stop) => void stop()),
  )
  const address = http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.SERVER_PORT
  log.info({ port }, 'ready')
  process.send?.({ ready: true, port })
}

async function migrateAsOwner() {
  const owner = new pg.Client({ connectionString: config.OWNER_DATABASE_URL })
  await owner.connect()
  try {
    const applied = await migrate(owner, await readMigrations())
    if (applied.length > 0) log.info({ applied }, 'migrated')
  } finally {
    await owner.end()
  }
}

async function createContext(broker: Broker): Promise<Context> {
  const site = config.LANTAI_SITE
  const secrets = await loadSecrets(config.SERVER_SECRETS_DIR)
  const onLost = (err: Error) => log.warn({ err }, 'database connection lost')
  const pool = createPool(config.DATABASE_URL, { onLost })
  endings.push(() => pool.end())
  const metrics = createMetrics()
  metrics.collectDefaults()
  const onSize = (size: number) => metrics.ledgerSize.set(size)
  const ledger = createLedger({
    ...{ site, key: secrets.ledgerKey, next: secrets.nextLedgerKey, onSize },
  })
  const base = { site, db: createDb(pool), clock: systemClock, log, live: new Live() }
  return {
    ...base,
    mqtt: createDownlink(site, broker, secrets.commandKey),
    sessions: new SessionEvents(),
    ledger,
    links: new GatewayLinks(systemClock),
    secrets,
    metrics,
    config,
    write: writer({ ...base, append: ledger.append }),
  }
}
