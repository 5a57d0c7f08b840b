import { execFile, spawn } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Clock, type Millis, seconds } from '@lantai/contracts'
import { diskFull } from '../data/data-dir.ts'
import { Refusal } from '../refusal.ts'
import type { LogFile } from '../supervise/log-file.ts'
import { baseEnv, EndedEarly } from '../supervise/node-process.ts'
import type { Ending, Running, Unit } from '../supervise/running.ts'
import { Tail } from '../supervise/tail.ts'
import type { Engine } from './engine.ts'
import { clearTheWay, postmasterOf, signalIfAlive } from './postmaster-file.ts'
import type { RunAs } from './run-as.ts'
import { settingsAs } from './settings.ts'

export interface ClusterOptions {
  readonly engine: Engine
  /** PostgreSQL's own directory; its parent must be enterable for `runAs`. */
  readonly dataDir: string
  readonly runAs: RunAs | undefined
  readonly port: number
  /** False only for databases that live as long as a test. */
  readonly durable: boolean
  readonly log: Pick<LogFile, 'write'>
  readonly clock: Clock
}

export const superuser = 'lantai_super'
const identity = (runAs: RunAs | undefined) => (runAs ? { uid: runAs.uid, gid: runAs.gid } : {})

/** Refuses a directory that another major version of PostgreSQL has written; touches nothing. */
export function checkVersion(options: { engine: Pick<Engine, 'major'>; dataDir: string }) {
  const file = join(options.dataDir, 'PG_VERSION')
  if (!existsSync(file)) return
  const found = readFileSync(file, 'utf8').trim()
  if (found !== String(options.engine.major))
    throw new Refusal(
      `${options.dataDir} 是 PostgreSQL ${found} 的数据，本版本使用 PostgreSQL ${options.engine.major}，数据未被改动`,
      `${options.dataDir} holds data of PostgreSQL ${found}, and this Lantai runs PostgreSQL ${options.engine.major}; nothing was changed`,
    )
}

/** Creates the cluster in one step: it is made beside its place and renamed, so that a crash leaves no half of one. */
export async function initCluster(options: ClusterOptions, password: string): Promise<void> {
  const { engine, dataDir, runAs, durable } = options
  const half = `${dataDir}.part`
  const passwordFile = `${dataDir}.password`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runAs) for (const path of [half, passwordFile]) chownSync(path, runAs.uid, runAs.gid)
  try {
    await run(engine.initdb, initArguments(half, passwordFile, durable), {
      ...identity(runAs),
      cwd: '/',
      env: baseEnv(),
    })
  } catch (error) {
    throw initFailed(dataDir, error)
  } finally {
    rmSync(passwordFile)
  }
  renameSync(half, dataDir)
}

const run = promisify(execFile)

const initArguments = (dir: string, passwordFile: string, durable: boolean) => [
  `--pgdata=${dir}`,
  `--username=${superuser}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--data-checksums',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--no-instructions',
  // initdb fsyncs what it has written, unless it is only for a test.
  ...(durable ? [] : ['--no-sync']),
]

function initFailed(dataDir: string, error: unknown) {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  if (/No space left on device/.test(stderr)) return diskFull(dataDir, error)
  return new Refusal(
    `PostgreSQL 无法建立数据目录 ${dataDir}`,
    `PostgreSQL could not create its data directory ${dataDir}: ${lastLine(stderr)}`,
    { cause: error },
  )
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''

/**
 * Runs below a shell that holds the read end of our pipe: when we are gone, be it by kill -9, the pipe ends and the
 * shell asks PostgreSQL for a fast shutdown. It costs 1 MB where a Node process would cost 40.
 */
const leash = `exec 4<&0
"$@" 4<&- </dev/null & postmaster=$!
( read -r _ <&4; kill -INT $postmaster ) 2>/dev/null & watcher=$!
exec 4<&-
wait $postmaster; code=$?
kill $watcher 2>/dev/null
exit $code`

/** One PostgreSQL server, as a process that can be kept alive. */
export class PostgresProcess implements Unit<{ pid: number }> {
  readonly name = 'postgres'
  readonly stopWithin: Millis = seconds(4)
  readonly #options: ClusterOptions

  constructor(options: ClusterOptions) {
    this.#options = options
  }

  async launch(): Promise<Running<{ pid: number }>> {
    const { engine, dataDir, runAs, port, durable, clock, log } = this.#options
    await clearTheWay(dataDir, clock)
    const args = [engine.postgres, '-D', dataDir, ...settingsAs({ port, durable })]
    const shell = spawn('/bin/sh', ['-c', leash, 'lantai-postgres', ...args], {
      ...identity(runAs),
      cwd: '/',
      env: baseEnv(),
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    // The shell may be gone when we let go of the pipe.
    shell.stdin.on('error', () => shell.stdin.destroy())
    const tail = new Tail()
    const ended = new Promise<Ending>((resolve) => {
      shell.once('error', (e) => resolve({ code: null, signal: null, tail: e.message }))
      shell.once('close', (code, signal) => resolve({ code, signal, tail: tail.text }))
    })
    const ready = new Promise<{ pid: number }>((resolve, reject) => {
      shell.stderr.on('data', (chunk: Buffer) => {
        log.write(chunk)
        tail.push(chunk)
        if (tail.text.includes('database system is ready to accept connections'))
          resolve({ pid: postmasterOf(dataDir) ?? -1 })
      })
      void ended.then((e) => reject(new EndedEarly(e)))
    })
    ready.catch(() => undefined) // the keeper is told by `ended` as well
    return {
      pid: shell.pid ?? -1,
      ready,
      ended,
      stop: () => shell.stdin.end(),
      // Shell and postmaster are one group; the backends see the postmaster die and follow.
      kill: () => {
        if (shell.pid) signalIfAlive(-shell.pid, 'SIGKILL')
      },
    }
  }
}
