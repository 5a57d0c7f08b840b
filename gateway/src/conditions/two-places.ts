import type { Impossible } from '../presence/two-places.ts'
import type { Register } from './register.ts'

/** As `where.label` and `key` of a condition allow. */
const longestLabel = 120
const longestKey = 120

/**
 * A tag that cannot be where it was read. It is something that happened, not a state that lasts: the alarm has ended
 * when it is told, and stays until a person acknowledges it.
 */
export function tellImpossible(
  register: Register,
  fact: Impossible,
  labelOf: (reader: string) => string,
) {
  const readers = fact.readers.map(labelOf).join(' · ')
  const about = 'epc' in fact ? fact.epc : fact.readers.join(' ')
  const tids = 'tids' in fact ? ` · TID ${fact.tids.join(' / ')}` : ''
  const label = 'epc' in fact ? `${readers} · ${fact.epc}${tids}` : readers
  const where = { room: null, bank: null, device: fact.readers[0] ?? null, box: null }
  const key = `tagInTwoPlaces:${about}`.slice(0, longestKey)
  const priority = fact.what === 'fields-overlap' ? 3 : 2
  const subject = {
    ...({ kind: 'tagInTwoPlaces', priority } as const),
    where: { ...where, label: label.slice(0, longestLabel) },
  }
  register.set(key, subject, true)
  register.set(key, subject, false)
}
