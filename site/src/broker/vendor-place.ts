/** Devices of other makers at the broker of this store: who may come in, and what its gateway needs to hear them. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceFile } from '@lantai/contracts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
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
/** The user of a device's driver there, and the file of its password. */
export const driverUser = (device: string) => `driver.${device}`
export const driverSecret = (device: string) => `${driverUser(device)}.password`

export interface VendorPlaceOptions {
  /** Where accounts and passwords lie. */
  readonly dir: string
  /** Certificate of the authority, PEM. */
  readonly ca: string
  readonly gatewayDir: string
  /** At which devices reach our broker. */
  readonly port: number
}

const Spoken = Type.Object({
  broker: Type.Object({ url: Type.String(), user: Type.String() }),
})

/** Ids of the devices that the list has at the port of our broker, each in the name of its own driver. */
export function devicesAt({ devices }: DeviceFile, port: number): string[] {
  return devices.flatMap((entry) => {
    const { id } = entry
    if (!Check(Spoken, entry) || entry.broker.user !== driverUser(id)) return []
    return entry.broker.url.startsWith('mqtts://') &&
      new RegExp(`:${port}/?$`).test(entry.broker.url)
      ? [id]
      : []
  })
}

/**
 * Keeps an account for each device that the gateway's list has at our broker, and what its driver needs where the
 * gateway looks for it. What a device that left the list could come in with is taken away.
 */
export class VendorPlace {
  readonly files: VendorFiles
  readonly #options: VendorPlaceOptions
  #devices: readonly string[]
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: VendorPlaceOptions) {
    this.#options = options
    this.files = vendorFiles(options.dir)
    this.#devices = readAccounts(this.files.accounts).flatMap(({ user }) => {
      const who = splitUser(user)
      return who?.role === 'vendor' ? [who.device] : []
    })
  }

  /** With the devices of the last time, until a list has come. */
  static async open(options: VendorPlaceOptions): Promise<VendorPlace> {
    const place = new VendorPlace(options)
    await place.#admit(place.#devices)
    return place
  }

  get devices(): readonly string[] {
    return this.#devices
  }

  /** Resolves with the devices that are new, null when nothing changed. */
  follow(list: DeviceFile): Promise<readonly string[] | null> {
    const wanted = devicesAt(list, this.#options.port)
    const turn = this.#turn.then(() => this.#change(wanted))
    this.#turn = turn.catch(() => undefined) // whoever asked is told
    return turn
  }

  async #change(wanted: readonly string[]): Promise<readonly string[] | null> {
    const before = this.#devices
    const came = wanted.filter((d) => !before.includes(d))
    const left = before.filter((d) => !wanted.includes(d))
    if (came.length === 0 && left.length === 0) return null
    await this.#admit(wanted)
    for (const device of left) {
      for (const role of ['vendor', 'driver'] as const)
        rmSync(this.files.password(role, device), { force: true })
      rmSync(join(this.#secrets, driverSecret(device)), { force: true })
    }
    return came
  }

  async #admit(devices: readonly string[]) {
    await ensureVendorAccounts(this.#options.dir, devices)
    this.#devices = devices
    if (devices.length === 0) return
    mkdirSync(this.#secrets, { recursive: true, mode: 0o700 })
    this.#put(authorityName, readIfThere(this.#options.ca) ?? '')
    for (const device of devices)
      this.#put(driverSecret(device), readIfThere(this.files.password('driver', device)) ?? '')
  }

  get #secrets() {
    return join(this.#options.gatewayDir, 'mqtt', 'secrets')
  }
  #put(name: string, text: string) {
    const path = join(this.#secrets, name)
    if (readIfThere(path) !== text) writeWhole(path, text)
  }
}
