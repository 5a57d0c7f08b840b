import { createHash } from 'node:crypto'
import {
  configText,
  type DesiredConfig,
  type DeviceFile,
  type FactBody,
  type ReportedConfig,
} from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'
import type { Put } from '../outbox/types.ts'
import { type ConfigPlan, contactsLost, planOf } from './config-plan.ts'
import { checkDevices } from './device-file.ts'

/** Keys of the small store: the list that runs, and the last one that was judged. */
const appliedKey = 'config.applied'
const judgedKey = 'config.judged'

export interface Applied {
  version: number
  sha256: string
  body: DeviceFile
  at: string
  by: string | null
}
export type Judged = NonNullable<Extract<ReportedConfig, { part: 'result' }>['judged']>

/** What the rest of the gateway says about a change before it is made: reasons against it. */
export interface Objections {
  /** Fire contacts that hold a latch or report an alarm. */
  alarmed(contact: string): boolean
  busy(bank: string): boolean
}

export type Verdict =
  /** It runs already, or was refused already for the same reasons: nothing to record. */
  | { kind: 'known' }
  | { kind: 'rejected'; fact: FactBody<'lantai.config.v1'>; puts: Put[] }
  | {
      kind: 'apply'
      plan: ConfigPlan
      devices: KnownDevice[]
      fact: FactBody<'lantai.config.v1'>
      puts: Put[]
    }

export const hashOf = (body: unknown): string =>
  createHash('sha256').update(configText(body)).digest('hex')

/** The list of the last start or change, if it was one of the server's (G6: it boots from it without a server). */
export function storedConfig(restored: Record<string, string>): Applied | null {
  const text = restored[appliedKey]
  return text ? (JSON.parse(text) as Applied) : null
}

/** The list that a gateway starts with when it was never told another: its own file, version 0. */
export const firstConfig = (body: DeviceFile, at: string): Applied => ({
  version: 0,
  sha256: hashOf(body),
  body,
  at,
  by: null,
})

/** What was applied by another version of the gateway cannot be run by this one. */
export class ConfigUnfit extends Error {}

/**
 * The device list to start with: the last one that was applied, without a server; at the very first start the file. One
 * that this version cannot run ends the start: running half of it would leave steel or fire contacts unheard.
 */
export function openKeeper(
  first: { file: DeviceFile; devices: readonly KnownDevice[] },
  restored: Record<string, string>,
  at: string,
): ConfigKeeper {
  const stored = storedConfig(restored)
  if (!stored) return new ConfigKeeper(firstConfig(first.file, at), first.devices, restored)
  const checked = checkDevices(stored.body)
  if (checked.ok) return new ConfigKeeper(stored, checked.devices, restored)
  throw new ConfigUnfit(
    `device list version ${stored.version} does not fit this gateway: ${checked.wrong.join('; ')}`,
  )
}

/**
 * The device list that runs, and what becomes of a wanted one. It judges whole and changes nothing by itself: a bad
 * list leaves everything as it is (D12).
 */
export class ConfigKeeper {
  #running: Applied
  #devices: readonly KnownDevice[]
  #judged: Judged | null

  constructor(running: Applied, devices: readonly KnownDevice[], restored: Record<string, string>) {
    this.#running = running
    this.#devices = devices
    const judged = restored[judgedKey]
    this.#judged = judged ? (JSON.parse(judged) as Judged) : null
  }

  get running(): Applied {
    return this.#running
  }
  get devices(): readonly KnownDevice[] {
    return this.#devices
  }
  get judged(): Judged | null {
    return this.#judged
  }

  /** @param at now, as an instant */
  judge(desired: DesiredConfig, against: Objections, at: string): Verdict {
    const { version, sha256, by } = desired
    if (version === this.#running.version && sha256 === this.#running.sha256)
      return { kind: 'known' }
    const checked = checkDevices(desired.body)
    const devices = checked.ok ? checked.devices : []
    const plan = planOf(this.#devices, devices)
    const errors = [
      ...this.#strange(desired),
      ...(checked.ok ? this.#objections(desired, devices, plan, against) : checked.wrong),
    ]
    if (errors.length > 0) return this.#reject(desired, errors, at)
    const applied: Applied = { version, sha256, body: desired.body, at, by }
    const judged: Judged = { version, sha256, state: 'applied', at, errors: [] }
    const ids = (list: readonly KnownDevice[]) => list.map((d) => d.entry.id)
    const fact = {
      ...factOf(desired, 'applied', []),
      added: ids(plan.added),
      changed: ids(plan.changed.map((c) => c.after)),
      removed: ids(plan.removed),
      withoutContacts: contactsLost(this.#devices, devices),
    }
    const puts = [
      { key: appliedKey, value: JSON.stringify(applied) },
      { key: judgedKey, value: JSON.stringify(judged) },
    ]
    return { kind: 'apply', plan, devices, fact, puts }
  }

  /** The verdict is on disk: from now on this runs. */
  took(desired: DesiredConfig, devices: readonly KnownDevice[], at: string) {
    const { version, sha256, body, by } = desired
    this.#running = { version, sha256, body, at, by }
    this.#devices = devices
    this.#judged = { version, sha256, state: 'applied', at, errors: [] }
  }

  #reject(desired: DesiredConfig, wrong: readonly string[], at: string): Verdict {
    const errors = wrong.slice(0, 200).map((e) => e.slice(0, 400))
    const { version, sha256 } = desired
    const last = this.#judged
    const again =
      last?.state === 'rejected' &&
      last.version === version &&
      last.sha256 === sha256 &&
      last.errors.join('\n') === errors.join('\n')
    if (again) return { kind: 'known' }
    this.#judged = { version, sha256, state: 'rejected', at, errors }
    const puts = [{ key: judgedKey, value: JSON.stringify(this.#judged) }]
    return { kind: 'rejected', fact: factOf(desired, 'rejected', errors), puts }
  }

  #strange({ version, sha256, body }: DesiredConfig): string[] {
    const wrong: string[] = []
    if (hashOf(body) !== sha256) wrong.push('sha256 is not of this list')
    if (version <= this.#running.version)
      wrong.push(`version ${version} is not newer than ${this.#running.version}, which runs`)
    return wrong
  }

  #objections(
    desired: DesiredConfig,
    devices: readonly KnownDevice[],
    plan: ConfigPlan,
    against: Objections,
  ): string[] {
    const lost = contactsLost(this.#devices, devices)
    const touched = [...plan.removed, ...plan.changed.map((c) => c.before)]
    const moving = touched.flatMap(({ facets }) =>
      facets.bank && against.busy(facets.bank.bank) ? [facets.bank.bank] : [],
    )
    return [
      ...lost
        .filter((id) => !desired.withoutContacts.includes(id))
        .map(
          (id) =>
            `contact ${id} would not be heard any more, or in another way, and nobody acknowledged that`,
        ),
      ...lost
        .filter((id) => against.alarmed(id))
        .map((id) => `contact ${id} is in alarm or latched: reset it on site first`),
      ...moving.map((bank) => `bank ${bank} is in motion: change it when it stands`),
    ]
  }
}

const factOf = (
  { version, sha256, by, reason }: DesiredConfig,
  state: 'applied' | 'rejected',
  errors: string[],
): FactBody<'lantai.config.v1'> => ({
  ...{ version, sha256, by, reason, state, errors },
  ...{ added: [], changed: [], removed: [], withoutContacts: [] },
})
