import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Refusal } from '../refusal.ts'

/** The system user that PostgreSQL runs as; undefined means: as ourselves. PostgreSQL refuses root. */
export interface RunAs {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const own = 'lantai-postgres'

/** For root: the user `postgres`, else one that we create. For everybody else: undefined. */
export function postgresUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  return find('postgres') ?? find(own) ?? create()
}

function find(name: string): RunAs | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((l) => l.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid && uid !== '0' ? { name, uid: Number(uid), gid: Number(gid) } : undefined
}

function create(): RunAs {
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
  spawnSync('useradd', [...args, '--shell', '/usr/sbin/nologin', own], { stdio: 'ignore' })
  const made = find(own)
  if (made) return made
  throw new Refusal(
    `PostgreSQL 不能以 root 运行，而用户 ${own} 无法建立：请先建立一个名为 postgres 的系统用户`,
    `PostgreSQL refuses to run as root and the user ${own} could not be created: add a system user named postgres first`,
  )
}

/** Whether that user can enter `dir`; root may keep its own directories shut to others. */
export function canEnter(runAs: RunAs | undefined, dir: string): boolean {
  const asUser = runAs ? { uid: runAs.uid, gid: runAs.gid } : {}
  return spawnSync('test', ['-x', dir], { ...asUser, cwd: '/', stdio: 'ignore' }).status === 0
}
