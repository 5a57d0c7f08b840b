import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, millis } from '@lantai/contracts'
import { Refusal, systemCode } from '../refusal.ts'
import { pause } from '../supervise/running.ts'

const fileOf = (dataDir: string) => join(dataDir, 'postmaster.pid')

function readOr<T>(path: string, otherwise: T): string | T {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ESRCH') return otherwise
    throw error
  }
}

/** The process that serves `dataDir` now; undefined when the file is stale or its number went to somebody else. */
export function postmasterOf(dataDir: string): number | undefined {
  const pid = Number(readOr(fileOf(dataDir), '').split('\n')[0])
  if (!(pid > 1)) return undefined
  const command = readOr(`/proc/${pid}/cmdline`, '').split('\0')
  return command[0]?.endsWith('/postgres') && command.includes(dataDir) ? pid : undefined
}

/**
 * Makes the directory free to start in. A postmaster that outlived its supervisor is asked to end; a file left by a
 * crash is removed, because PostgreSQL itself would refuse when the number belongs to another process today.
 */
export async function clearTheWay(dataDir: string, clock: Clock): Promise<void> {
  const orphan = postmasterOf(dataDir)
  if (orphan) await endOrphan(dataDir, orphan, clock)
  rmSync(fileOf(dataDir), { force: true })
}

async function endOrphan(dataDir: string, pid: number, clock: Clock) {
  const never = new AbortController().signal
  signalIfAlive(pid, 'SIGINT')
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (postmasterOf(dataDir) === undefined) return
    await pause(clock, millis(50), never)
  }
  throw new Refusal(
    `另一个 PostgreSQL（进程 ${pid}）仍在使用 ${dataDir}`,
    `Another PostgreSQL (process ${pid}) still uses ${dataDir}`,
  )
}

/** Sends a signal; a process that is gone already is no error. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
