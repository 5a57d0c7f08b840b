/** Is everything in order? Only what was observed counts: what is unknown is a matter of its own. */
import type { api, ResponseOf } from '@lantai/contracts'
import type { Fire } from '../../lib/status.ts'

export type Overview = ResponseOf<typeof api.overview.getOverview>
export type Room = Overview['rooms'][number]
export type Matter =
  | { readonly kind: 'fire' | 'fireUnknown' | 'noAir' | 'staleAir' }
  | { readonly kind: 'alarms'; readonly n: number }
  | { readonly kind: 'things'; readonly of: readonly Overview['todo'][number]['kind'][] }

/** Of the list of things to do, those that mean that something is wrong; a box due today is not. */
const troubles: readonly Overview['todo'][number]['kind'][] = [
  'misplaced',
  'device',
  'notReleased',
  'ledger',
  'quarantine',
]

export function mattersOf(o: Overview, fire: Fire): Matter[] {
  const matters: Matter[] = []
  if (fire === 'alarm' || fire === 'latched') matters.push({ kind: 'fire' })
  if (fire === 'unknown') matters.push({ kind: 'fireUnknown' })
  if (o.openAlarms > 0) matters.push({ kind: 'alarms', n: o.openAlarms })
  const things = o.todo.filter((t) => troubles.includes(t.kind) && t.count > 0)
  if (things.length > 0) matters.push({ kind: 'things', of: things.map((t) => t.kind) })
  if (o.rooms.some((r) => !r.humidity || !r.temperature)) matters.push({ kind: 'noAir' })
  else if (o.rooms.some((r) => r.humidity?.stale || r.temperature?.stale))
    matters.push({ kind: 'staleAir' })
  return matters
}

/** `48–55` of all rooms together, one number where they agree; null where nothing is fresh. */
export function freshRange(rooms: readonly Room[], of: 'humidity' | 'temperature'): string | null {
  const fresh = rooms.map((r) => r[of]).filter((a) => a !== null && !a.stale)
  if (fresh.length === 0) return null
  const low = Math.min(...fresh.map((a) => a?.min ?? Number.POSITIVE_INFINITY)).toFixed(0)
  const high = Math.max(...fresh.map((a) => a?.max ?? Number.NEGATIVE_INFINITY)).toFixed(0)
  return low === high ? low : `${low}–${high}`
}

/** A value that the ranges on the screen do not cover: they are older than it. Half a unit is not shown. */
export const isNews = (
  rooms: readonly Room[],
  news: { quantity: 'humidity' | 'temperature'; value: number },
): boolean =>
  rooms.every((r) => {
    const shown = r[news.quantity]
    return !shown || news.value < shown.min - 0.5 || news.value > shown.max + 0.5
  })
