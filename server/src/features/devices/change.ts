/** A change of one gateway's device list: a new version, on record, and on its way. */
import { createHash, randomUUID } from 'node:crypto'
import {
  configLimits,
  configText,
  type DeviceEntry,
  type DeviceFile,
  hiddenSecret,
  isFireMeans,
  mapSecrets,
  readsAlike,
} from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { DomainError } from '../../http/domain-error.ts'
import { InvalidInput } from '../../http/problem.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Work } from '../../work.ts'
import { publishHealth } from '../gateways/views.ts'
import { sendDesired } from './desired.ts'
import { entryErrors } from './entry.ts'
import {
  addVersion,
  bodyOf,
  type GatewayConfigRow,
  lockConfig,
  newestVersion,
  setDesired,
} from './store.ts'

export interface Change {
  base: number
  reason: string
  withoutContacts?: string[]
}

/** The entry put in the place of the one with its id, or at the end. */
export function putDevice(
  ctx: Context,
  gateway: string,
  id: string,
  body: Change & { entry: DeviceEntry },
  person: SignedIn,
) {
  if (body.entry.id !== id)
    throw new InvalidInput([{ path: 'body/entry/id', message: `must be ${id}` }])
  return change(ctx, gateway, body, person, (file, row) => {
    const before = file.devices.find((d) => d.id === id)
    const entry = withSecrets(row, body.entry, before)
    const wrong = entryErrors(row.drivers, entry)
    if (wrong.length > 0) throw new InvalidInput(wrong)
    const devices = before
      ? file.devices.map((d) => (d.id === id ? entry : d))
      : [...file.devices, entry]
    return { ...file, devices }
  })
}

export const removeDevice = (
  ctx: Context,
  gateway: string,
  id: string,
  body: Change,
  person: SignedIn,
) =>
  change(ctx, gateway, body, person, (file) => {
    if (!file.devices.some((d) => d.id === id)) throw new DomainError('device-unknown', id)
    return { ...file, devices: file.devices.filter((d) => d.id !== id) }
  })

export const rollBack = (
  ctx: Context,
  gateway: string,
  version: number,
  body: Change,
  person: SignedIn,
) =>
  change(ctx, gateway, body, person, async (_file, _row, work) => {
    const old = await bodyOf(work.trx, work.site, gateway, version)
    if (!old) throw new DomainError('not-found', `version ${version}`)
    return old
  })

type Edit = (
  file: DeviceFile,
  row: GatewayConfigRow,
  work: Work,
) => DeviceFile | Promise<DeviceFile>

async function change(
  ctx: Context,
  gateway: string,
  asked: Change,
  person: SignedIn,
  edit: Edit,
): Promise<{ version: number; sha256: string }> {
  const made = await ctx.write(async (work) => {
    const { trx, site } = work
    const row = await lockConfig(trx, site, gateway)
    const newest = await newestVersion(trx, site, gateway)
    if (newest === null)
      throw new DomainError('gateway-offline', `${gateway} has not told its device list yet`)
    if (newest !== asked.base)
      throw new DomainError('conflict', `version ${newest} is the newest, not ${asked.base}`)
    const file = await bodyOf(trx, site, gateway, newest)
    if (!file) throw new Error(`version ${newest} of ${gateway} is not kept`)
    const body = await edit(file, row, work)
    contactsNamed(row, body, asked.withoutContacts ?? [])
    const version = Math.max(newest, row.reported_version ?? 0) + 1
    return await keep(work, gateway, { version, body }, asked, person)
  })
  await sendDesired(ctx, gateway)
  await publishHealth(ctx, gateway)
  return made
}

async function keep(
  work: Work,
  gateway: string,
  { version, body }: { version: number; body: DeviceFile },
  { reason, withoutContacts = [] }: Change,
  person: SignedIn,
) {
  const { trx, site, now } = work
  const text = configText(body)
  if (Buffer.byteLength(text) > configLimits.fileBytes)
    throw new DomainError(
      'body-too-large',
      `the list has more than ${configLimits.fileBytes} bytes`,
    )
  const sha256 = createHash('sha256').update(text).digest('hex')
  const by = { byId: person.id, by: person.name }
  const more = { reason, withoutContacts, origin: 'server' as const }
  await addVersion(trx, site, gateway, { version, body: text, sha256, ...by, at: now, ...more })
  await setDesired(trx, site, gateway, version, now)
  work.ledger.add({
    id: randomUUID(),
    event: 'config.wanted',
    actor: { id: person.id, name: person.name },
    outcome: 'success',
    detail: `${gateway} · version ${version} · ${reason}`.slice(0, 400),
    object: { gateway, version, sha256, withoutContacts: withoutContacts.join(' ') },
  })
  return { version, sha256 }
}

/** Fire contacts of running devices that the new list drops or disables must be named one by one (rule S1). */
function contactsNamed(row: GatewayConfigRow, body: DeviceFile, named: readonly string[]) {
  const next = new Map(body.devices.map((d) => [d.id, d]))
  const lost = row.running
    .filter(({ entry }) => !entry.disabled)
    .flatMap(({ entry, facets }) => {
      const after = next.get(entry.id)
      return (facets.contacts ?? [])
        .filter((c) => isFireMeans(c.means))
        .map((c) => c.id)
        .filter((id) => !after || after.disabled || !readsAlike(entry, after, id))
    })
    .filter((id) => !named.includes(id))
  if (lost.length > 0) throw new DomainError('contacts-unacknowledged', lost.join(', '))
}

/** A secret that came back hidden is the one that was there. */
function withSecrets(row: GatewayConfigRow, entry: DeviceEntry, before: DeviceEntry | undefined) {
  const schema = row.drivers.find((d) => d.driver === entry.driver)?.schema
  if (!schema) return entry
  const old = new Map<string, string>()
  if (before)
    mapSecrets(schema, before, (secret, path) => {
      old.set(path, secret)
      return secret
    })
  return mapSecrets(schema, entry, (secret, path) =>
    secret === hiddenSecret ? (old.get(path) ?? secret) : secret,
  )
}
