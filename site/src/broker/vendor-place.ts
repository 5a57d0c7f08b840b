/** Devices of other makers at the broker of this store: who may come in, and what its gateway needs to hear them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { readIfThere, writeWhole } from '../data/files.ts'
import {
  ensureVendorAccounts,
  readAccounts,
  type VendorFiles,
  vendorFiles,
} from './vendor-accounts.ts'
import { splitUser } from './vendor-acl.ts'

/** The authority's certificate among the gateway's secrets for brokers, as an entry of the device list names it. */
export const authorityName = 'site-ca.pem'
/** The password of a device's driver there. */
export const driverSecret = (device: string) => `driver.${device}.password`

export interface VendorPlace {
  readonly devices: readonly string[]
  readonly files: VendorFiles
}

const device = '[a-z0-9][a-z0-9-]{0,39}'
/** `LANTAI_VENDOR_DEVICES`: ids of devices with commas between, or `none`. */
export const VendorDevices = Type.String({
  default: '',
  maxLength: 2000,
  pattern: `^(none|${device}(, *${device})*)?$`,
})

/** The devices of that text. Undefined when it was left out: those of the last start stay. */
export function vendorDevicesOf(text: string): readonly string[] | undefined {
  if (text === '') return undefined
  return text === 'none' ? [] : [...new Set(text.split(/, */))]
}

const devicesBefore = (dir: string): string[] =>
  readAccounts(vendorFiles(dir).accounts).flatMap(({ user }) => {
    const who = splitUser(user)
    return who?.role === 'vendor' ? [who.device] : []
  })

/**
 * Makes the accounts below `dir`, and puts the drivers' passwords and the authority where the gateway's drivers look
 * for them. Null when there is no such device: then the broker has no port for them.
 */
export async function prepareVendorPlace(
  dir: string,
  wanted: readonly string[] | undefined,
  { ca, gatewayDir }: { readonly ca: string; readonly gatewayDir: string },
): Promise<VendorPlace | null> {
  const before = devicesBefore(dir)
  const devices = wanted ?? before
  if (devices.length === 0 && before.length === 0) return null
  const files = await ensureVendorAccounts(dir, devices)
  if (devices.length === 0) return null
  const secrets = join(gatewayDir, 'mqtt', 'secrets')
  mkdirSync(secrets, { recursive: true, mode: 0o700 })
  const put = (name: string, text: string) => {
    const path = join(secrets, name)
    if (readIfThere(path) !== text) writeWhole(path, text)
  }
  put(authorityName, readIfThere(ca) ?? '')
  for (const device of devices)
    put(driverSecret(device), readIfThere(files.password('driver', device)) ?? '')
  return { devices, files }
}
