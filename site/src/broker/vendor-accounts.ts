/** Names and passwords of vendor devices: generated, never chosen and never a default; kept as scrypt hashes. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { readIfThere, writeWhole } from '../data/files.ts'
import { randomSecret } from '../data/passwords.ts'
import { type VendorRole, VendorUser } from './vendor-acl.ts'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const keyBytes = 32

const Hex = Type.String({ pattern: '^[0-9a-f]+$' })
const Accounts = Type.Array(Type.Object({ user: VendorUser, salt: Hex, hash: Hex }))
export interface VendorAccount {
  readonly user: string
  readonly salt: string
  readonly hash: string
}

export async function accountOf(user: string, password: string): Promise<VendorAccount> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, keyBytes)
  return { user, salt: salt.toString('hex'), hash: hash.toString('hex') }
}

/** The accounts of a file; none where it is missing. Throws when it is not ours. */
export function readAccounts(file: string): VendorAccount[] {
  const text = readIfThere(file)
  if (text === undefined) return []
  const found: unknown = JSON.parse(text)
  if (!Check(Accounts, found)) throw new Error(`${file} is no file of vendor accounts`)
  return found
}

export interface VendorFiles {
  /** For the broker: users and hashes. */
  readonly accounts: string
  /** Where the password of an account lies, for the person who sets up the device, or for the gateway. */
  readonly password: (role: VendorRole, device: string) => string
}
export const vendorFiles = (dir: string): VendorFiles => ({
  accounts: join(dir, 'accounts.json'),
  password: (role, device) => join(dir, `${role}.${device}.password`),
})

/**
 * Makes sure that each device has an account to speak and one for the driver to listen. What exists is kept; the
 * accounts of other devices are taken away, so that a device that left the list can no longer come in.
 */
export async function ensureVendorAccounts(
  dir: string,
  devices: readonly string[],
): Promise<VendorFiles> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const files = vendorFiles(dir)
  const before = readAccounts(files.accounts)
  const accounts: VendorAccount[] = []
  for (const device of devices)
    for (const role of ['vendor', 'driver'] as const) {
      const user = `${role}.${device}`
      const known = before.find((a) => a.user === user)
      const file = files.password(role, device)
      if (known && readIfThere(file) !== undefined) accounts.push(known)
      else {
        const password = randomSecret()
        writeWhole(file, `${password}\n`)
        accounts.push(await accountOf(user, password))
      }
    }
  writeWhole(files.accounts, JSON.stringify(accounts, null, 1))
  return files
}

/** An account that nobody has, so that an unknown name takes as long as a wrong password. */
const nobody: VendorAccount = {
  user: '',
  salt: randomBytes(16).toString('hex'),
  hash: randomBytes(keyBytes).toString('hex'),
}

/** True when the password is that of the account of this name. */
export async function passwordFits(
  accounts: readonly VendorAccount[],
  user: string,
  password: string,
): Promise<boolean> {
  const account = accounts.find((a) => a.user === user) ?? nobody
  const given = await derive(password, Buffer.from(account.salt, 'hex'), keyBytes)
  const same = timingSafeEqual(given, Buffer.from(account.hash, 'hex'))
  return same && account !== nobody
}
