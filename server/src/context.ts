import type { KeyObject } from 'node:crypto'
import type { Clock } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { ServerConfig } from './config.ts'
import type { DB } from './db/schema.gen.ts'
import type { Downlink } from './downlink/downlink.ts'
import type { Ledger } from './features/custody/custody.ts'
import type { GatewayLinks } from './features/gateways/links.ts'
import type { SessionEvents } from './features/people/session-events.ts'
import type { Live } from './live/live.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Work } from './work.ts'

export interface Secrets {
  /** Signs commands and rosters; gateways pinned its public half at enrolment. */
  commandKey: KeyObject
  /** Signs checkpoints of the ledger; lives outside the database (rule L5). */
  ledgerKey: KeyObject
  /** The one that the log goes on with, while the key is being changed (README). */
  nextLedgerKey: KeyObject | null
}

/** What a feature may use. Made once per process in `main.ts`, passed on, never looked up. */
export interface Context {
  readonly site: string
  /** As the app role. Reads may use it directly; every change goes through `write`. */
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly log: Logger
  readonly live: Live
  readonly mqtt: Downlink
  readonly sessions: SessionEvents
  readonly ledger: Ledger
  /** The last tick of each gateway. */
  readonly links: GatewayLinks
  readonly secrets: Secrets
  readonly metrics: Metrics
  readonly config: Pick<ServerConfig, 'PUBLIC_ORIGIN' | 'SERVER_SECRETS_DIR'>
  /** The one way to change anything: one transaction, ledger last, deltas after COMMIT. */
  readonly write: <T>(act: (work: Work) => Promise<T>) => Promise<T>
}

/** The wall clock as a Date. */
export const nowOf = (ctx: { clock: Clock }): Date => new Date(ctx.clock.now())
