/** Where everything of one store is kept, and the checks before anything in it is touched. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Refusal, systemCode } from '../refusal.ts'

export interface DataDir {
  readonly root: string
  readonly manifest: string
  readonly accounts: string
  readonly engine: string
  readonly postgres: string
  readonly secrets: string
  readonly serverSecrets: string
  readonly pki: string
  readonly vendor: string
  readonly gateway: string
  readonly simulator: string
  readonly devices: string
  /** Written by hand, where there are tags that are not GS1's. */
  readonly epcProfiles: string
  readonly catalogue: string
  readonly logs: string
}

/** `/var/lib/lantai` for root, `~/.local/share/lantai` for everybody else. */
export const defaultDataDir = () =>
  process.getuid?.() === 0 ? '/var/lib/lantai' : join(homedir(), '.local', 'share', 'lantai')

export function dataDirAt(path: string, engine?: string): DataDir {
  const root = resolve(path)
  const below = (...parts: string[]) => join(root, ...parts)
  return {
    root,
    manifest: below('lantai.json'),
    accounts: below('demo-accounts.json'),
    engine: engine ?? below('engine'),
    postgres: below('postgres'),
    secrets: below('secrets'),
    serverSecrets: below('secrets', 'server'),
    pki: below('secrets', 'pki'),
    vendor: below('secrets', 'vendor'),
    gateway: below('gateway'),
    simulator: below('simulator'),
    devices: below('devices.yaml'),
    epcProfiles: below('epc-profiles.yaml'),
    catalogue: below('catalogue.ndjson'),
    logs: below('logs'),
  }
}

/** Makes the directory where it is missing, and makes sure that it can be used. */
export function openDataDir(dir: DataDir) {
  try {
    // 0711: PostgreSQL's own user must be able to pass through; what is secret is below and shut.
    makeDir(dir.root, 0o711)
    accessSync(dir.root, constants.R_OK | constants.W_OK | constants.X_OK)
    readdirSync(dir.root)
    for (const own of [
      dir.secrets,
      dir.serverSecrets,
      dir.pki,
      dir.gateway,
      dir.simulator,
      dir.logs,
    ])
      mkdirSync(own, { recursive: true, mode: 0o700 })
    mkdirSync(dir.engine, { recursive: true, mode: 0o755 })
  } catch (error) {
    throw unusable(dir.root, error)
  }
}

/** Like `mkdir -p`. Node's own `recursive` never returns below a file system that refuses, such as /proc. */
function makeDir(path: string, mode: number) {
  if (existsSync(path)) return
  makeDir(dirname(path), 0o755)
  mkdirSync(path, { mode })
}

function unusable(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code === 'ENOSPC') return diskFull(path, error)
  if (code === undefined) return error
  const sentence: Record<string, [string, string]> = {
    EACCES: ['没有读写权限', 'we may not read and write there'],
    EPERM: ['没有读写权限', 'we may not read and write there'],
    ENOENT: ['那里不能建立目录', 'no directory can be made there'],
    EROFS: ['文件系统只读', 'the file system is read-only'],
    ENOTDIR: ['路径中有一段不是目录', 'part of the path is not a directory'],
    EEXIST: ['那里已有一个文件', 'there is a file of that name'],
  }
  const [zh, en] = sentence[code] ?? [code, code]
  return new Refusal(
    `无法使用数据目录 ${path}：${zh}`,
    `The data directory ${path} cannot be used: ${en}`,
    { cause: error },
  )
}

export const diskFull = (path: string, cause?: unknown) =>
  new Refusal(`${path} 所在磁盘已满`, `The disk of ${path} is full`, { cause })

const megabyte = 1024 * 1024
/** A first start writes binaries, a cluster and the demo store; a later one needs room for its log and WAL. */
export const spaceNeeded = { firstStart: 700 * megabyte, laterStart: 150 * megabyte } as const

/** Refuses before anything is written when the disk has less than `bytes` to give. */
export function requireSpace(path: string, bytes: number) {
  const { bavail, bsize } = statfsSync(path)
  const free = bavail * bsize
  if (free >= bytes) return
  const mb = (n: number) => `${Math.floor(n / megabyte)} MB`
  throw new Refusal(
    `${path} 所在磁盘只剩 ${mb(free)}，至少需要 ${mb(bytes)}`,
    `The disk of ${path} has ${mb(free)} left and at least ${mb(bytes)} are needed`,
  )
}
