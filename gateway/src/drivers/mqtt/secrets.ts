import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import type { TlsTrust } from '../link/byte-link.ts'
import type { Broker } from './settings.ts'

const { DEVICE_SECRETS_DIR, GATEWAY_DATA_DIR } = env

/** `DEVICE_SECRETS_DIR`, else `secrets` in the gateway's data directory. */
export const secretsDir = DEVICE_SECRETS_DIR ?? join(GATEWAY_DATA_DIR ?? '.', 'secrets')

/** Reads a secret by its name; throws a sentence without its content. */
export function readSecret(name: string, dir = secretsDir): string {
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
export function login(b: Broker, dir = secretsDir): Login {
  if (b.user === undefined) return {}
  if (b.password === undefined) return { username: b.user }
  const [password = ''] = readSecret(b.password, dir).split(/\r?\n/)
  return { username: b.user, password }
}

export function trust(b: Broker, dir = secretsDir): TlsTrust {
  return {
    ca: b.ca === undefined ? '' : readSecret(b.ca, dir),
    ...(b.cert === undefined ? {} : { cert: readSecret(b.cert, dir) }),
    ...(b.key === undefined ? {} : { key: readSecret(b.key, dir) }),
    ...(b.servername === undefined ? {} : { servername: b.servername }),
  }
}
