/** One EPC at two readers at once: copies that are found, and boxes carried between the readers that are not blamed. */
import { type Impossible, TwoPlaces } from '@lantai/gateway'
import { type Figure, median, round3 } from '../figure.ts'
import { type DeskStream, drawDesk } from './desk-stream.ts'
import { epcOf } from './draw.ts'

const copied = epcOf(0)
const readers = ['a', 'b'] as const

interface Told {
  found: boolean
  /** From the first moment at which both lay on their readers. */
  afterMs: number
  blamed: number
  carried: number
}

/** The reads of both readers in the order of time, as one gateway hears them; null where there is no copy to find. */
function play(seed: string, minutes: number): Told | null {
  const here = drawDesk(`${seed}/clones/a`, 'live', minutes)
  const there = drawDesk(`${seed}/clones/b`, 'live', minutes)
  const both = overlapOf(here, there)
  if (both === null) return null
  const said: { at: number; fact: Impossible }[] = []
  let now = 0
  const two = new TwoPlaces((fact) => said.push({ at: now, fact }))
  const reads = [
    ...here.reads.map((r) => ({ ...r, reader: readerOf(here, r) })),
    ...there.reads.filter((r) => r.read.epc === copied).map((r) => ({ ...r, reader: 'b' })),
  ].sort((x, y) => x.at - y.at)
  for (const { at, read, reader } of reads) {
    now = at
    two.read(reader, read.epc, undefined, at)
  }
  const about = (epc: string) => said.filter(({ fact }) => 'epc' in fact && fact.epc === epc)
  const others = new Set(here.stays.map((s) => s.epc).filter((epc) => epc !== copied))
  const [first] = about(copied)
  return {
    ...{ found: first !== undefined, afterMs: (first?.at ?? Number.NaN) - both },
    ...{ carried: others.size, blamed: [...others].filter((e) => about(e).length > 0).length },
  }
}

/** The copied tag stays where it is; every other box lies on the two readers in turn, a stay on each. */
function readerOf({ stays }: DeskStream, { at, read }: DeskStream['reads'][number]): string {
  if (read.epc === copied) return 'a'
  const before = stays.filter((s) => s.epc === read.epc && s.from <= at).length
  return readers[before % 2] ?? 'a'
}

const togetherMs = 15_000

/** When the tag first lay on both readers for long enough. */
function overlapOf(a: DeskStream, b: DeskStream): number | null {
  const of = (s: DeskStream) => s.stays.filter((x) => x.epc === copied)
  for (const x of of(a))
    for (const y of of(b)) {
      const from = Math.max(x.from, y.from)
      if (Math.min(x.to, y.to) - from >= togetherMs) return from
    }
  return null
}

export function clones(seeds: readonly string[], minutes: number): Figure {
  const told = seeds.flatMap((s) => play(s, minutes) ?? [])
  const found = told.filter((t) => t.found).length
  const ratio = found / told.length
  return {
    ...{ name: 'presence-clones', meaning: 'copied tags that were found / copied tags' },
    ...{ ratio: round3(ratio), min: round3(ratio), max: round3(ratio), rounds: told.length },
    ...{ aim: '>= 0.99', met: ratio >= 0.99, valid: told.length > 0 },
    detail: {
      secondsUntilFound: round3(median(told.filter((t) => t.found).map((t) => t.afterMs)) / 1000),
      boxesCarriedBetween: told.reduce((n, t) => n + t.carried, 0),
      blamed: told.reduce((n, t) => n + t.blamed, 0),
    },
  }
}
