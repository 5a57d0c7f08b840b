import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '@lantai/contracts'
import { defaultDataDir } from '../data/data-dir.ts'
import { randomSecret } from '../data/passwords.ts'
import { Keeper } from '../supervise/keeper.ts'
import { initCluster, PostgresProcess, superuser } from './cluster.ts'
import { prepareEngine } from './engine.ts'
import { choosePort } from './ports.ts'
import { urlOf } from './roles.ts'
import { postgresUser } from './run-as.ts'

export interface Scratch extends AsyncDisposable {
  /** As superuser, to the database `postgres`. */
  readonly url: string
}

/** Binaries shared by everything of this user that lives only for a test. */
export const sharedEngineDir = () => join(defaultDataDir(), 'engine')

/**
 * A PostgreSQL for tests: empty, quick, without fsync unless it is asked to be durable, gone when disposed. Never a
 * store (reliability 2.2).
 */
export async function startScratch(
  clock: Clock,
  { durable = false }: { durable?: boolean } = {},
): Promise<Scratch> {
  const engineDir = sharedEngineDir()
  mkdirSync(engineDir, { recursive: true, mode: 0o755 })
  const dir = mkdtempSync(join(tmpdir(), 'lantai-scratch-'))
  chmodSync(dir, 0o711) // PostgreSQL's own user has to pass through
  const password = randomSecret()
  const cluster = {
    engine: prepareEngine(engineDir),
    dataDir: join(dir, 'postgres'),
    runAs: postgresUser(),
    port: await choosePort(),
    durable,
    log: { write: () => undefined },
    clock,
  }
  await initCluster(cluster, password)
  const keeper = new Keeper(new PostgresProcess(cluster), clock, {
    up: () => undefined,
    ended: () => undefined,
  })
  await keeper.start()
  return {
    url: urlOf(cluster.port, superuser, password, 'postgres'),
    [Symbol.asyncDispose]: async () => {
      await keeper.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
