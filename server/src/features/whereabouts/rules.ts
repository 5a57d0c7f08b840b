import type { EvidenceKind } from '@lantai/contracts'

export interface Evidence {
  boxId: string
  kind: EvidenceKind
  at: Date
  /** Person, reader or gate. */
  by: string
  /** `12A-3-4-2`; null where it is not known. */
  place: string | null
  /** Words for a place that is no slot; null where nothing is known. */
  placeLabel: string | null
  /** The gateway's record that says so, where its clock was in doubt (G7). */
  record?: { gateway: string; epoch: string; seq: string } | undefined
}

/** Confidence at the moment of the evidence, and how fast it fades. Never 1: nothing is ever certain (locating 9). */
export interface Strength {
  c0: number
  hPerDay: number
}

/**
 * Persons who put a box somewhere are believed longest; a fixed reader knows only that a tag was there just now.
 * Our own numbers, to be replaced by measured ones per site.
 */
const strengths: Record<EvidenceKind, Strength> = {
  shelved: { c0: 0.98, hPerDay: 0.001 },
  moved: { c0: 0.97, hPerDay: 0.001 },
  counted: { c0: 0.97, hPerDay: 0.001 },
  issued: { c0: 0.95, hPerDay: 0.005 },
  returned: { c0: 0.95, hPerDay: 0.1 },
  passage: { c0: 0.7, hPerDay: 0.5 },
  sighting: { c0: 0.9, hPerDay: 1 },
  import: { c0: 0.8, hPerDay: 0.002 },
}
export const strengthOf = (kind: EvidenceKind): Strength => strengths[kind]

const day = 86_400_000

/** c0·exp(-h·t), t in days since the evidence. Evidence from the future counts as of now. */
export const confidenceAt = (s: Strength & { at: Date }, now: Date): number =>
  s.c0 * Math.exp((-s.hPerDay * Math.max(0, now.getTime() - s.at.getTime())) / day)

/** A clock may be so far ahead of ours and still tell the order of what it saw. */
export const aheadMs = 3_600_000

/** A clock far ahead tells of what has been, not of what will be: no belief waits until its time has come. */
export const notAhead = (list: readonly Evidence[], now: Date): Evidence[] =>
  list.map((e) => (e.at.getTime() - now.getTime() > aheadMs ? { ...e, at: now } : e))

/** Evidence that names no place says nothing about where a box is: it never blanks a belief. */
export const namesPlace = (e: Pick<Evidence, 'place' | 'placeLabel'>): boolean =>
  e.place !== null || e.placeLabel !== null

/** The evidence that each box is believed by: the newest that names a place, later in the list among equals. */
export function decisive(list: readonly Evidence[]): Evidence[] {
  const best = new Map<string, Evidence>()
  for (const e of list) {
    const before = best.get(e.boxId)
    if (namesPlace(e) && (!before || e.at >= before.at)) best.set(e.boxId, e)
  }
  // In one order everywhere, so that two transactions never wait for each other's boxes.
  return [...best.values()].sort((a, b) => (a.boxId < b.boxId ? -1 : 1))
}
