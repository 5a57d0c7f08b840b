import { configText, type DeviceEntry, isFireMeans, readsAlike } from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'

/** What a new device list changes. A device whose entry is the same text is not touched at all (G6). */
export interface ConfigPlan {
  added: KnownDevice[]
  removed: KnownDevice[]
  changed: { before: KnownDevice; after: KnownDevice }[]
  /** Drivers to end, by device, and entries to start; a disabled device has neither. */
  stop: string[]
  start: DeviceEntry[]
}

const byId = (devices: readonly KnownDevice[]) => new Map(devices.map((d) => [d.entry.id, d]))

export function planOf(before: readonly KnownDevice[], after: readonly KnownDevice[]): ConfigPlan {
  const old = byId(before)
  const next = byId(after)
  const removed = before.filter((d) => !next.has(d.entry.id))
  const added = after.filter((d) => !old.has(d.entry.id))
  const changed = after.flatMap((d) => {
    const was = old.get(d.entry.id)
    return was && configText(was.entry) !== configText(d.entry) ? [{ before: was, after: d }] : []
  })
  const ran = [...removed, ...changed.map((c) => c.before)].filter((d) => !d.entry.disabled)
  const runs = [...added, ...changed.map((c) => c.after)].filter((d) => !d.entry.disabled)
  return {
    added,
    removed,
    changed,
    stop: ran.map((d) => d.entry.id),
    start: runs.map((d) => d.entry),
  }
}

/** Contacts of fire that are listened to: those of devices that are not disabled. */
const heard = (devices: readonly KnownDevice[]) =>
  new Map(
    devices.flatMap(({ entry, facets }) =>
      entry.disabled
        ? []
        : (facets.contacts ?? [])
            .filter((c) => isFireMeans(c.means))
            .map((c) => [c.id, { ...c, entry }] as const),
    ),
  )

/**
 * Fire, smoke and panel-fault contacts that would not be heard any more as what they are: gone, disabled, of another
 * room or another meaning, or read in another way. None of them may vanish silently (rule S1).
 */
export function contactsLost(
  before: readonly KnownDevice[],
  after: readonly KnownDevice[],
): string[] {
  const next = heard(after)
  return [...heard(before).values()]
    .filter((c) => {
      const n = next.get(c.id)
      return n?.room !== c.room || n.means !== c.means || !readsAlike(n.entry, c.entry, c.id)
    })
    .map((c) => c.id)
}
