/** Opens a data directory: every check first, then the lock, then what a first start makes. */
import type { Clock } from '@lantai/contracts'
import { type DataDir, dataDirAt, openDataDir, requireSpace, spaceNeeded } from './data/data-dir.ts'
import { lockDataDir } from './data/lock.ts'
import { dataFormat, type Manifest, readManifest, writeManifest } from './data/manifest.ts'
import { databasePasswords } from './data/passwords.ts'
import { checkVersion } from './postgres/cluster.ts'
import { engineVersion } from './postgres/engine.ts'
import { choosePort, isFree } from './postgres/ports.ts'
import type { DatabasePasswords } from './postgres/roles.ts'
import { canEnter, postgresUser, type RunAs } from './postgres/run-as.ts'
import type { Ports } from './processes.ts'
import { Refusal } from './refusal.ts'

export interface Store extends AsyncDisposable {
  readonly dir: DataDir
  readonly runAs: RunAs | undefined
  readonly ports: Ports
  readonly passwords: DatabasePasswords
  /** The manifest as it is on disk; `demoImported` tells a first start. */
  readonly manifest: Manifest
  readonly save: (change: Partial<Manifest>) => void
}

/** Throws a `Refusal` with one sentence when the store cannot or must not be opened. */
export async function openStore(
  options: { dataDir: string; engineDir?: string | undefined; port: number },
  clock: Clock,
): Promise<Store> {
  await requireFreePort(options.port)
  const dir = dataDirAt(options.dataDir, options.engineDir)
  const { major } = engineVersion()
  openDataDir(dir)
  const lock = await lockDataDir(dir.root)
  try {
    const found = readManifest(dir, major)
    checkVersion({ engine: { major }, dataDir: dir.postgres })
    const fresh = !found?.demoImported
    requireSpace(dir.root, fresh ? spaceNeeded.firstStart : spaceNeeded.laterStart)
    const runAs = postgresUser()
    requireReachable(runAs, dir)
    const ports = await choosePorts(found?.ports ?? {})
    let manifest: Manifest = {
      product: 'lantai',
      format: dataFormat.current,
      postgres: major,
      createdAt: found?.createdAt ?? new Date(clock.now()).toISOString(),
      ports,
      demoImported: found?.demoImported ?? false,
    }
    const save = (change: Partial<Manifest>) => {
      manifest = { ...manifest, ...change }
      writeManifest(dir, manifest)
    }
    save({})
    return {
      dir,
      runAs,
      ports: { ...ports, front: options.port },
      passwords: databasePasswords(dir.secrets),
      get manifest() {
        return manifest
      },
      save,
      [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
    }
  } catch (error) {
    await lock[Symbol.asyncDispose]()
    throw error
  }
}

async function requireFreePort(port: number) {
  if (await isFree(port)) return
  throw new Refusal(
    `端口 ${port} 已被占用，可用 LANTAI_PORT 另选一个`,
    `Port ${port} is in use: choose another with LANTAI_PORT`,
  )
}

/** PostgreSQL does not run as root, so that its user must be able to reach its data. */
function requireReachable(runAs: RunAs | undefined, dir: DataDir) {
  for (const path of [dir.root, dir.engine])
    if (!canEnter(runAs, path))
      throw new Refusal(
        `用户 ${runAs?.name} 无法进入 ${path}（PostgreSQL 以它运行），请把 LANTAI_DATA_DIR 设在它能进入的地方`,
        `The user ${runAs?.name}, whom PostgreSQL runs as, cannot enter ${path}: set LANTAI_DATA_DIR to a place that it can`,
      )
}

const kept = ['postgres', 'broker', 'vendor', 'server', 'console'] as const
type KeptPorts = Record<(typeof kept)[number], number>

/** The ports of the last start where they are still free, so that links to them stay good. */
async function choosePorts(before: Readonly<Record<string, number>>): Promise<KeptPorts> {
  const taken = new Set<number>()
  const chosen: Partial<KeptPorts> = {}
  for (const name of kept) {
    const last = before[name]
    const port = last && (await isFree(last)) ? last : await choosePort(taken)
    taken.add(port)
    chosen[name] = port
  }
  return chosen as KeptPorts
}
