import type { RowConstants } from '../constants.ts'
import { levenberg } from './levenberg.ts'
import { loudestOf } from './loudness.ts'
import { RowModel } from './model.ts'
import { type Profile, profilesOf } from './profile.ts'
import type { RowInput, TagSamples } from './row.ts'
import { scan } from './scan.ts'
import { first } from './search.ts'

/**
 * Phase a MHz of one antenna's cable and reader, where no place was heard on two channels: the line with which the row
 * as a whole fits best. Lines that the fit without coupling likes are tried with coupling, then the best is refined.
 * NaN where this antenna heard no phase.
 */
export function fitLine(
  input: RowInput,
  antenna: number,
  depths: readonly number[],
  c: RowConstants,
): number {
  const seen = heardBy(input, antenna)
  if (channelsOf(input, antenna) < 2) return 0
  const profiles = (line: number) => profilesWith(input, seen, antenna, line, c)
  const model = (line: number) =>
    new RowModel(profiles(line), seen.length, input.antennas, input.depthMm, input.minGapMm, c)
  const lines = promising(profiles, input, seen.length, depths, c)
  const tags = seen.length
  if (tags > c.searchTags || lines.length < 2) return lines[0] ?? Number.NaN
  const tried = lines.map((line) => ({ line, fit: first(model(line), depths, input.minGapMm, c) }))
  let best = tried.reduce((a, b) => (b.fit.cost < a.fit.cost ? b : a))
  for (const step of c.lineFit.refine)
    for (const line of [best.line - step, best.line + step]) {
      const limits = { ...c, steps: c.jumpSteps }
      const fit = levenberg(model(line), best.fit.unknowns, limits)
      if (fit.cost < best.fit.cost) best = { line, fit }
    }
  return best.line
}

/** Indices of the tags that this antenna heard, in an order that does not depend on how they are given. */
function heardBy({ tags }: RowInput, antenna: number): number[] {
  const at = tags.map(loudestOf)
  return [...tags.keys()]
    .filter((i) => (tags[i] as TagSamples).antenna.includes(antenna))
    .sort((a, b) => (at[a] as number) - (at[b] as number))
}

/** On a single channel the line is but a part of each tag's own phase. */
function channelsOf({ tags }: RowInput, antenna: number): number {
  const heard = tags.flatMap((t) => [...t.mhz].filter((_, i) => t.antenna[i] === antenna))
  return new Set(heard).size
}

function profilesWith(
  input: RowInput,
  seen: readonly number[],
  antenna: number,
  line: number,
  c: RowConstants,
): Profile[] {
  const lines = Float64Array.from(input.antennas, (_, a) => (a === antenna ? line : Number.NaN))
  return seen
    .flatMap((i, tag) => profilesOf(tag, input.tags[i] as TagSamples, input, lines, c))
    .filter((p) => p.antenna === antenna)
}

/** Lines in the order of what the fit without coupling says of them. */
function promising(
  profiles: (line: number) => Profile[],
  { antennas }: RowInput,
  tags: number,
  depths: readonly number[],
  c: RowConstants,
): number[] {
  const { from, to, step, kept } = c.lineFit
  const lines: { line: number; cost: number }[] = []
  for (let line = from; line <= to + 1e-9; line += step) {
    const heard = profiles(line)
    if (!heard.some((p) => p.hasPhase.some((yes) => yes === 1))) return []
    const cost = Math.min(...depths.map((d) => scan(heard, tags, antennas, d, c).cost))
    lines.push({ line, cost })
  }
  return lines
    .sort((a, b) => a.cost - b.cost)
    .slice(0, kept)
    .map(({ line }) => line)
}
