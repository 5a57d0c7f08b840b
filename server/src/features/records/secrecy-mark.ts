import type { SecrecyLevel } from '@lantai/contracts'
import { secrecyLevels } from '@lantai/contracts'

/** What follows the star of a mark (domain 3.3). */
export type SecrecyPeriod =
  | { readonly kind: 'years'; readonly years: number }
  | { readonly kind: 'months'; readonly months: number }
  /** 长期. */
  | { readonly kind: 'longTerm' }
  /** Nothing after the star: the longest period of the level applies. */
  | { readonly kind: 'longest'; readonly years: number }
  | { readonly kind: 'until'; readonly day: string }
  /** Released on an event, in words. */
  | { readonly kind: 'condition'; readonly text: string }

export interface SecrecyMark {
  readonly level: SecrecyLevel
  readonly period: SecrecyPeriod
  /** A warning with a field for the reason, never an error. */
  readonly overLimit: boolean
}

const marks: Readonly<Record<string, { level: SecrecyLevel; longestYears: number }>> = {
  秘密: { level: 'secret', longestYears: 10 },
  机密: { level: 'confidential', longestYears: 20 },
  绝密: { level: 'topSecret', longestYears: 30 },
}

/** Reads `机密★10年`, `机密★`, `绝密★长期`, a date or a condition after the star. Null for anything else. */
export function parseSecrecyMark(text: string): SecrecyMark | null {
  const [word, rest, ...more] = text.trim().split('★')
  const mark = word === undefined ? undefined : marks[word.trim()]
  if (!mark || rest === undefined || more.length > 0) return null
  const period = parsePeriod(rest.trim(), mark.longestYears)
  return { level: mark.level, period, overLimit: isOver(period, mark.longestYears) }
}

/** A compilation takes the highest level of its parts; so does a box. `open` for an empty one. */
export function highestLevel(levels: Iterable<SecrecyLevel>): SecrecyLevel {
  let highest = 0
  for (const level of levels) highest = Math.max(highest, secrecyLevels.indexOf(level))
  return secrecyLevels[highest] as SecrecyLevel
}

function parsePeriod(text: string, longestYears: number): SecrecyPeriod {
  if (text === '') return { kind: 'longest', years: longestYears }
  if (text === '长期') return { kind: 'longTerm' }
  const span = /^(\d{1,3})(年|个月)$/.exec(text)
  if (span)
    return span[2] === '年'
      ? { kind: 'years', years: Number(span[1]) }
      : { kind: 'months', months: Number(span[1]) }
  const day = /^(\d{4})(?:-|年|\.)(\d{1,2})(?:-|月|\.)(\d{1,2})日?$/.exec(text)
  if (day)
    return {
      kind: 'until',
      day: `${day[1]}-${day[2]?.padStart(2, '0')}-${day[3]?.padStart(2, '0')}`,
    }
  return { kind: 'condition', text }
}

function isOver(period: SecrecyPeriod, longestYears: number): boolean {
  if (period.kind === 'years') return period.years > longestYears
  if (period.kind === 'months') return period.months > longestYears * 12
  return period.kind === 'longTerm'
}
