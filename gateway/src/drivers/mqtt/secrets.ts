import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsTrust } from '../link/byte-link.ts'
import type { Broker } from './settings.ts'

/** Where passwords and certificates for brokers lie: in the gateway's data directory, filled by hand (0600). */
export const secretsDirOf = (dataDir: string | undefined): string =>
  join(dataDir ?? '.', 'mqtt', 'secrets')

/** Reads a secret by its name; throws a sentence without its content. */
export function readSecret(name: string, dir: string): string {
  try {
    return readFileSync(join(dir, name), 'utf8')
  } catch (cause) {
    throw new Error(`the secret file ${name} cannot be read`, { cause })
  }
}

export interface Login {
  username?: string
  password?: string
}

/** Read anew at each connection, so that a changed password or certificate needs no restart. */
export function login(b: Broker, dir: string): Login {
  if (b.user === undefined) return {}
  if (b.password === undefined) return { username: b.user }
  const [password = ''] = readSecret(b.password, dir).split(/\r?\n/)
  return { username: b.user, password }
}

export function trust(b: Broker, dir: string): TlsTrust {
  return {
    ca: b.ca === undefined ? '' : readSecret(b.ca, dir),
    ...(b.cert === undefined ? {} : { cert: readSecret(b.cert, dir) }),
    ...(b.key === undefined ? {} : { key: readSecret(b.key, dir) }),
    ...(b.servername === undefined ? {} : { servername: b.servername }),
  }
}
