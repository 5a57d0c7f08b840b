/** The open list: unacknowledged first, then priority, fire before anything else of its rank, then the newest. */
import { type AlarmView, latchingKinds } from '@lantai/contracts'

/** When it will have begun: as was told, or as was corrected where the clock that told it was in doubt (G7). */
export const beganAt = (a: AlarmView): string => a.sinceCorrected ?? a.since
/** A clock in doubt that was right within a second is no correction. */
export const isCorrected = (a: AlarmView): boolean =>
  Math.abs(Date.parse(beganAt(a)) - Date.parse(a.since)) >= 1000

/** Nobody has said "I am on it" yet; a latched alarm counts until somebody has. */
export const isUnacknowledged = (a: AlarmView): boolean => a.ack === null && a.state !== 'closed'

export function compareAlarms(a: AlarmView, b: AlarmView): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    a.priority - b.priority ||
    Number(latchingKinds.includes(b.kind)) - Number(latchingKinds.includes(a.kind)) ||
    Date.parse(beganAt(b)) - Date.parse(beganAt(a)) ||
    a.id.localeCompare(b.id)
  )
}

/** A delta is newer than the list, or as old: a lower version never replaces a higher one. */
export function mergeAlarms(
  list: readonly AlarmView[],
  news: readonly AlarmView[],
): readonly AlarmView[] {
  const byId = new Map(list.map((a) => [a.id, a]))
  for (const a of news) {
    const old = byId.get(a.id)
    if (!old || a.version >= old.version) byId.set(a.id, a)
  }
  return [...byId.values()]
}

/** How a row is drawn: filled is asking for a person, hollow is over, outline is in hands. */
export type Drawing = 'filled' | 'outline' | 'hollow' | 'latched' | 'past'
export function drawingOf(a: AlarmView): Drawing {
  switch (a.state) {
    case 'unacknowledged':
      return 'filled'
    case 'acknowledged':
      return 'outline'
    case 'returnedUnacknowledged':
      return 'hollow'
    case 'latched':
      return 'latched'
    case 'closed':
      return 'past'
  }
}

/** Where a click on the place leads; null where the plan has nothing to show. */
export type PlaceLink =
  | { readonly kind: 'box'; readonly box: string }
  | { readonly kind: 'room'; readonly room: string | undefined }
  | { readonly kind: 'devices' }
export function placeLinkOf(a: AlarmView): PlaceLink {
  if (a.where.box) return { kind: 'box', box: a.where.box }
  if (a.where.room || a.where.bank) return { kind: 'room', room: a.where.room ?? undefined }
  return { kind: 'devices' }
}

/** Moves the choice by `step` rows; stays at the ends. */
export function stepFrom(
  ids: readonly string[],
  chosen: string | null,
  step: number,
): string | null {
  const i = chosen === null ? -1 : ids.indexOf(chosen)
  const next = i < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, i + step))
  return ids[next] ?? null
}
