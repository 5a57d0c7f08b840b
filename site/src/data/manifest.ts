import { existsSync, readdirSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Check } from 'typebox/value'
import { Refusal } from '../refusal.ts'
import type { DataDir } from './data-dir.ts'
import { readIfThere, writeWhole } from './files.ts'

/** Format of the data directory that this Lantai writes, and the oldest that it can still read. */
export const dataFormat = { current: 1, oldest: 1 } as const

const Manifest = Type.Object({
  product: Type.Literal('lantai'),
  /** Rises when an older Lantai could no longer use the directory. */
  format: Type.Integer(),
  postgres: Type.Integer(),
  createdAt: Type.String(),
  /** Loopback ports that this store has chosen, kept so that links to them stay good. */
  ports: Type.Record(Type.String(), Type.Integer()),
  /** The demo store was imported. */
  demoImported: Type.Boolean(),
})
export type Manifest = Static<typeof Manifest>

/**
 * Reads `lantai.json`; undefined in a fresh directory. Refuses, touching nothing, a directory of another format, of
 * another PostgreSQL, or that holds somebody else's files.
 */
export function readManifest(dir: DataDir, postgresMajor: number): Manifest | undefined {
  const text = readIfThere(dir.manifest)
  if (text === undefined) {
    refuseForeign(dir)
    return undefined
  }
  const found = parse(text)
  if (!found)
    throw new Refusal(
      `${dir.manifest} 不是兰台的清单文件，数据未被改动`,
      `${dir.manifest} is not a manifest of Lantai; nothing was changed`,
    )
  if (found.format > dataFormat.current)
    throw new Refusal(
      `${dir.root} 由更新版本的兰台写成（格式 ${found.format}，本版本为 ${dataFormat.current}），请使用那个版本；数据未被改动`,
      `${dir.root} was written by a newer Lantai (format ${found.format}, this one knows ${dataFormat.current}): use that version; nothing was changed`,
    )
  if (found.format < dataFormat.oldest)
    throw new Refusal(
      `${dir.root} 由过旧版本的兰台写成（格式 ${found.format}），请先用中间版本升级；数据未被改动`,
      `${dir.root} was written by a Lantai that is too old (format ${found.format}): upgrade through a version in between; nothing was changed`,
    )
  if (found.postgres !== postgresMajor)
    throw new Refusal(
      `${dir.root} 是 PostgreSQL ${found.postgres} 的数据，本版本使用 PostgreSQL ${postgresMajor}；数据未被改动`,
      `${dir.root} holds data of PostgreSQL ${found.postgres}, and this Lantai runs PostgreSQL ${postgresMajor}; nothing was changed`,
    )
  return found
}

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Check(Manifest, value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const ours = new Set(['engine', 'secrets', 'logs', 'gateway', 'simulator', 'postgres.part'])

/** A directory without manifest may hold only what a first start that was broken off had made. */
function refuseForeign(dir: DataDir) {
  const foreign = existsSync(dir.root) ? readdirSync(dir.root).find((n) => !ours.has(n)) : undefined
  if (foreign)
    throw new Refusal(
      `${dir.root} 不是兰台的数据目录（其中有 ${foreign}），请另选一个空目录`,
      `${dir.root} is not a data directory of Lantai (it holds ${foreign}): choose an empty one`,
    )
}

export const writeManifest = (dir: DataDir, manifest: Manifest) =>
  writeWhole(dir.manifest, `${JSON.stringify(manifest, null, 2)}\n`, 0o644)
