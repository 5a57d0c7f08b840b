/**
 * What devices of other makers may say and hear on our broker: each only below its own prefix, and the gateway's
 * drivers only listen there. Default deny.
 */
import { type Static, Type } from 'typebox'

/**
 * `vendor.reader-1` is the device itself, `driver.reader-1` the gateway's driver for it. The dot keeps them apart from
 * every name in a certificate.
 */
export type VendorRole = 'vendor' | 'driver'
export const VendorUser = Type.String({ pattern: '^(vendor|driver)\\.[a-z0-9][a-z0-9-]{0,39}$' })
export type VendorUser = Static<typeof VendorUser>

/** Largest payload of a device, in bytes; the drivers take in no more. */
export const vendorPayloadLimit = 256 * 1024

/** Everything that a device says and hears lies below it. */
export const vendorPrefix = (site: string, device: string) => `vendor/${site}/${device}/`

export function splitUser(user: string): { role: VendorRole; device: string } | null {
  const [, role, device] = /^(vendor|driver)\.([a-z0-9][a-z0-9-]{0,39})$/.exec(user) ?? []
  return role && device ? { role: role as VendorRole, device } : null
}

/** A client id begins with the user, so that nobody can push another connection out by taking its id. */
export const vendorMayConnect = (user: string, clientId: string): boolean =>
  clientId === user || (clientId.startsWith(`${user}.`) && clientId.length <= 100)

export function vendorMayPublish(
  site: string,
  user: string,
  p: { readonly topic: string; readonly bytes: number },
): boolean {
  const who = splitUser(user)
  if (who?.role !== 'vendor' || /[+#]/.test(p.topic)) return false
  return p.bytes <= vendorPayloadLimit && below(p.topic, vendorPrefix(site, who.device))
}

/** Both may listen below the prefix: a device waits there for its own commands, which nobody of us sends. */
export function vendorMaySubscribe(site: string, user: string, filter: string): boolean {
  const who = splitUser(user)
  return who !== null && below(filter, vendorPrefix(site, who.device))
}

const below = (topic: string, prefix: string) =>
  topic.startsWith(prefix) && topic.length > prefix.length
