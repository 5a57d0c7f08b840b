/**
 * Reference codes (档号) after DA/T 13-2022 and DA/T 22-2015 (domain 3.1). Text alone is ambiguous: the last part
 * may be an item, a page or a file number. So a profile per fonds and category names the parts.
 */
export const refCodeParts = [
  'fonds',
  'catalogue',
  'category',
  'category2',
  'category3',
  'category4',
  'project',
  'year',
  'retention',
  'organisation',
  'issue',
  'file',
  'group',
  'volume',
  'item',
  'page',
] as const
export type RefCodePart = (typeof refCodeParts)[number]

/** How one fonds writes the codes of one category. */
export interface RefCodeProfile {
  readonly dialect: 13 | 22
  readonly arrangement: 'volume' | 'item'
  /** Hyphens separate the groups, `·` separates the parts inside one. */
  readonly groups: readonly (readonly RefCodePart[])[]
  /** Digits of a serial part, where the fonds fixes them. Never re-padded: another width is refused. */
  readonly widths?: Partial<Record<RefCodePart, number>>
}

export interface RefCode {
  /** With every separator in its standard form. */
  readonly text: string
  /** As it was written in the source. */
  readonly original: string
  readonly parts: Readonly<Partial<Record<RefCodePart, string>>>
}
export type RefCodeAnswer =
  | { readonly ok: true; readonly code: RefCode }
  | { readonly ok: false; readonly part: RefCodePart | null; readonly reason: string }

/** Dots that stand for `·` in typed and scanned sources (decision in domain 3.1). */
export const standardDots = (text: string): string => text.replace(/[•・．]/gu, '·')

const han = '\\p{Script=Han}'
const serial = /^\d{1,8}$/
const word = new RegExp(`^[A-Z0-9${han}]{1,20}$`, 'u')
const patterns: Record<RefCodePart, RegExp> = {
  fonds: /^[A-Z]?[0-9A-Z]{1,9}$/,
  catalogue: serial,
  category: /^[A-Z]{2}$/,
  category2: word,
  category3: word,
  category4: word,
  project: word,
  year: /^\d{4}$/,
  retention: /^(Y|D[1-9]\d{0,2}|C|D)$/,
  organisation: word,
  issue: word,
  file: serial,
  group: serial,
  volume: serial,
  item: serial,
  page: serial,
}

/** Reads a code by its profile. Returns which part does not fit, and why; never guesses. */
export function parseRefCode(original: string, profile: RefCodeProfile): RefCodeAnswer {
  const text = standardDots(original.trim())
  const groups = text.split('-')
  if (groups.length !== profile.groups.length)
    return refused(null, `${profile.groups.length} parts between hyphens expected`)
  const parts: Partial<Record<RefCodePart, string>> = {}
  for (const [i, names] of profile.groups.entries()) {
    const values = (groups[i] as string).split('·')
    if (values.length !== names.length)
      return refused(names[0] ?? null, `${names.length} parts between dots expected`)
    for (const [j, name] of names.entries()) {
      const value = values[j] as string
      const wrong = misfit(name, value, profile)
      if (wrong) return refused(name, wrong)
      parts[name] = value
    }
  }
  return { ok: true, code: { text, original, parts } }
}

/** Writes the parts in the order of the profile; a missing part is an error of the caller. */
export function formatRefCode(parts: RefCode['parts'], profile: RefCodeProfile): string {
  const write = (name: RefCodePart): string => {
    const value = parts[name]
    const wrong = value === undefined ? 'missing' : misfit(name, value, profile)
    if (wrong) throw new RangeError(`${name}: ${wrong}`)
    return value as string
  }
  return profile.groups.map((names) => names.map(write).join('·')).join('-')
}

/**
 * The same item can be written in both dialects, with the organisation as 办公室 or as BGS. Two codes with the same
 * identity are one record; an import must not make two of it.
 */
export function refCodeIdentity(
  parts: RefCode['parts'],
  organisations: ReadonlyMap<string, string>,
): string {
  return refCodeParts
    .filter((name) => parts[name] !== undefined)
    .map((name) => {
      const value = parts[name] as string
      return `${name}=${name === 'organisation' ? (organisations.get(value) ?? value) : value}`
    })
    .join('|')
}

function misfit(name: RefCodePart, value: string, profile: RefCodeProfile): string | null {
  if (!patterns[name].test(value)) return `"${value.slice(0, 40)}" is no ${name}`
  const width = profile.widths?.[name]
  return width !== undefined && value.length !== width ? `${width} digits expected` : null
}

const refused = (part: RefCodePart | null, reason: string): RefCodeAnswer => ({
  ok: false,
  part,
  reason,
})
