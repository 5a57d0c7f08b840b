/** A context over a real database, for `*.db.test.ts`: everything is the product's own but the broker. */
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type LiveMessage, VirtualClock } from '@lantai/contracts'
import { pino } from 'pino'
import type { Context } from './context.ts'
import { createTestDatabase, type TestDatabase } from './db/testing.ts'
import { createDownlink } from './downlink/downlink.ts'
import { createLedger } from './features/custody/custody.ts'
import { GatewayLinks } from './features/gateways/links.ts'
import { SessionEvents } from './features/people/session-events.ts'
import { Live } from './live/live.ts'
import { createMetrics } from './metrics.ts'
import { writer } from './work.ts'

export interface TestContext extends AsyncDisposable {
  ctx: Context
  database: TestDatabase
  clock: VirtualClock
  /** What the rooms were sent, in order. */
  published: LiveMessage[]
  /** What the broker was given, in order. */
  sent: { topic: string; body: unknown }[]
}

export async function createTestContext(site = 'demo'): Promise<TestContext> {
  const database = await createTestDatabase()
  const clock = new VirtualClock()
  const live = new Live()
  const published: LiveMessage[] = []
  live.listen((m) => published.push(m))
  const sent: { topic: string; body: unknown }[] = []
  const publish = async (topic: string, text: string) => {
    sent.push({ topic, body: JSON.parse(text) })
  }
  const secrets = {
    commandKey: generateKeyPairSync('ed25519').privateKey,
    ledgerKey: generateKeyPairSync('ed25519').privateKey,
    nextLedgerKey: null,
  }
  const log = pino({ level: 'silent' })
  const ledger = createLedger({ site, key: secrets.ledgerKey })
  const base = { site, db: database.db, clock, log, live, secrets, metrics: createMetrics() }
  const ctx: Context = {
    ...base,
    mqtt: createDownlink(site, { connected: true, carries: true, publish }, secrets.commandKey),
    sessions: new SessionEvents(),
    ledger,
    links: new GatewayLinks(clock),
    config: { PUBLIC_ORIGIN: 'http://localhost:8080', SERVER_SECRETS_DIR: tmpdir() },
    write: writer({ ...base, append: ledger.append }),
  }
  const dispose = () => database[Symbol.asyncDispose]()
  return { ctx, database, clock, published, sent, [Symbol.asyncDispose]: dispose }
}
