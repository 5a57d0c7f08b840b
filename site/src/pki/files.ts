import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@lantai/contracts'
import { readIfThere, writeWhole } from '../data/files.ts'
import {
  type Credential,
  createAuthority,
  daysLeft,
  issue,
  type LeafKind,
  signedBy,
} from './authority.ts'

/** Where one identity's files are. */
export interface CredentialFiles {
  readonly cert: string
  readonly key: string
}
export interface Pki {
  readonly ca: string
  readonly of: (name: string) => CredentialFiles
}

/** A certificate with less than this is issued anew at start. */
const renewBelowDays = 60

const filesOf = (dir: string, name: string): CredentialFiles => ({
  cert: join(dir, `${name}.crt`),
  key: join(dir, `${name}.key`),
})

function readCredential(files: CredentialFiles): Credential | undefined {
  const cert = readIfThere(files.cert)
  const key = readIfThere(files.key)
  return cert !== undefined && key !== undefined ? { cert, key } : undefined
}

/** The key first: a certificate without its key would look complete. */
function writeCredential(files: CredentialFiles, made: Credential) {
  writeWhole(files.key, made.key)
  writeWhole(files.cert, made.cert)
}

async function authorityIn(dir: string, now: number): Promise<Credential> {
  const files = filesOf(dir, 'ca')
  const have = readCredential(files)
  if (have && daysLeft(have.cert, now) > renewBelowDays) return have
  const made = await createAuthority(now)
  writeCredential(files, made)
  return made
}

/** Makes sure that the authority and every identity have good certificates; renews what is near its end. */
export async function ensurePki(
  dir: string,
  identities: Readonly<Record<string, LeafKind>>,
  clock: Pick<Clock, 'now'>,
): Promise<Pki> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const now = clock.now()
  const authority = await authorityIn(dir, now)
  for (const [name, kind] of Object.entries(identities)) {
    const files = filesOf(dir, name)
    const have = readCredential(files)
    const good =
      have &&
      daysLeft(have.cert, now) > renewBelowDays &&
      (await signedBy(have.cert, authority.cert))
    if (!good) writeCredential(files, await issue(authority, name, kind, now))
  }
  return { ca: filesOf(dir, 'ca').cert, of: (name) => filesOf(dir, name) }
}
