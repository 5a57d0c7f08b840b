/**
 * A form from a driver's JSON Schema. What a person types is a draft: texts, ticks and lists of them; it becomes the
 * value of a device entry at the end. Only the shapes that drivers use are known; the gateway judges the rest.
 */
export interface Schema {
  readonly type?: string
  readonly title?: string
  readonly 'title:zh'?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly default?: unknown
  readonly writeOnly?: boolean
}

export type Draft = string | boolean | Draft[] | { [key: string]: Draft }
type Group = { [key: string]: Draft }

export type FieldKind =
  | 'fixed'
  | 'choice'
  | 'flag'
  | 'number'
  | 'text'
  | 'secret'
  /** Several of a list of words. */
  | 'choices'
  /** Numbers in one line, separated by commas. */
  | 'numbers'
  /** Words in one line, separated by commas. */
  | 'words'
  | 'list'
  | 'group'
  /** One of several groups, told apart by a fixed field. */
  | 'variants'

const isNull = (s: Schema) => s.type === 'null' || s.const === null

/** The schema itself where it is "this or null". */
export const bare = (s: Schema): Schema => {
  const others = s.anyOf?.filter((m) => !isNull(m)) ?? []
  return s.anyOf && others.length === 1 && others[0] ? { ...others[0], ...wordsOf(s) } : s
}
const wordsOf = ({ title, 'title:zh': zh }: Schema): Schema => ({
  ...(title === undefined ? {} : { title }),
  ...(zh === undefined ? {} : { 'title:zh': zh }),
})

/** Names of the fields in the order in which they were written: a schema that travelled has kept it in `required` only. */
export function keysOf(s: Schema): string[] {
  const all = Object.keys(s.properties ?? {})
  const needed = (s.required ?? []).filter((k) => all.includes(k))
  return [...needed, ...all.filter((k) => !needed.includes(k))]
}

export const optionsOf = (s: Schema): readonly unknown[] =>
  s.enum ?? s.anyOf?.flatMap((m) => ('const' in m ? [m.const] : [])) ?? []

export function kindOf(schema: Schema): FieldKind {
  const s = bare(schema)
  if ('const' in s) return 'fixed'
  if (s.enum) return 'choice'
  if (s.anyOf) return s.anyOf.every((m) => 'const' in m) ? 'choice' : 'variants'
  if (s.type === 'array') return listKind(s.items ?? {})
  if (s.type === 'object') return 'group'
  if (s.type === 'boolean') return 'flag'
  if (s.type === 'integer' || s.type === 'number') return 'number'
  return s.writeOnly ? 'secret' : 'text'
}

function listKind(items: Schema): FieldKind {
  const kind = kindOf(items)
  if (kind === 'choice') return 'choices'
  if (kind === 'number') return 'numbers'
  return kind === 'text' ? 'words' : 'list'
}

/** The field that tells the members of a union apart, as `transport`. */
export function tellingField(s: Schema): string | null {
  const first = s.anyOf?.[0]?.properties ?? {}
  return Object.keys(first).find((k) => 'const' in (first[k] ?? {})) ?? null
}

export function memberOf(s: Schema, draft: Draft): Schema {
  const key = tellingField(s)
  const chosen = key === null ? undefined : String((draft as Group)[key] ?? '')
  return (
    s.anyOf?.find((m) => key !== null && String(m.properties?.[key]?.const) === chosen) ??
    s.anyOf?.[0] ??
    {}
  )
}

/** A draft with nothing filled in but what is fixed or has a default. */
export function blank(schema: Schema): Draft {
  const s = bare(schema)
  switch (kindOf(s)) {
    case 'fixed':
      return String(s.const)
    case 'flag':
      return s.default === true
    case 'choices':
      return []
    case 'list':
      return Array.from({ length: s.minItems ?? 0 }, () => blank(s.items ?? {}))
    case 'group':
      return Object.fromEntries(Object.entries(s.properties ?? {}).map(([k, v]) => [k, blank(v)]))
    case 'variants':
      return blank(s.anyOf?.[0] ?? {})
    default:
      return s.default === undefined ? '' : String(s.default)
  }
}

/** The draft of a value that is there already. */
export function draftOf(schema: Schema, value: unknown): Draft {
  const s = bare(schema)
  if (value === undefined || value === null) return blank(s)
  switch (kindOf(s)) {
    case 'flag':
      return value === true
    case 'choices':
      return (value as unknown[]).map(String)
    case 'numbers':
    case 'words':
      return (value as unknown[]).join(', ')
    case 'list':
      return (value as unknown[]).map((v) => draftOf(s.items ?? {}, v))
    case 'group': {
      const given = value as Record<string, unknown>
      return Object.fromEntries(
        Object.entries(s.properties ?? {}).map(([k, v]) => [k, draftOf(v, given[k])]),
      )
    }
    case 'variants':
      return draftOf(memberOf(s, value as Group), value)
    default:
      return String(value)
  }
}

/** The value of a draft; undefined where nothing was filled in. A number that is none stays the text, for the judge to refuse. */
export function entryOf(schema: Schema, draft: Draft): unknown {
  const s = bare(schema)
  const nullable = s !== schema && schema.anyOf?.some(isNull)
  const value = filled(s, draft)
  return value === undefined && nullable ? null : value
}

function filled(s: Schema, draft: Draft): unknown {
  switch (kindOf(s)) {
    case 'fixed':
      return s.const
    case 'flag':
      return draft
    case 'choice':
      return optionsOf(s).find((o) => String(o) === draft)
    case 'number':
      return numberOr(String(draft))
    case 'numbers':
      return parts(draft).map(numberOr)
    case 'words':
      return parts(draft)
    case 'choices':
      return draft
    case 'list':
      return (draft as Draft[]).map((d) => entryOf(s.items ?? {}, d))
    case 'group':
      return groupValue(s, draft as Group)
    case 'variants':
      return groupValue(memberOf(s, draft), draft as Group)
    default:
      return draft === '' ? undefined : draft
  }
}

const parts = (draft: Draft) =>
  String(draft)
    .split(/[,，、\s]+/)
    .filter((p) => p !== '')

function numberOr(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const n = Number(trimmed)
  return Number.isFinite(n) ? n : trimmed
}

function groupValue(s: Schema, draft: Group): Record<string, unknown> {
  const all = Object.entries(s.properties ?? {}).map(([k, v]): [string, unknown] => {
    const value = entryOf(v, draft[k] ?? blank(v))
    // A tick that is not there and may be left out is left out.
    const out = value === false && !s.required?.includes(k)
    return [k, out || isEmptyOptional(s, k, value) ? undefined : value]
  })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined))
}

const isEmptyOptional = (s: Schema, key: string, value: unknown) =>
  !s.required?.includes(key) &&
  (Array.isArray(value)
    ? value.length === 0
    : typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** The draft with one place changed; `path` is a list of keys and indexes. */
export function withAt(draft: Draft, path: readonly (string | number)[], to: Draft): Draft {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (Array.isArray(draft)) return draft.map((d, i) => (i === key ? withAt(d, rest, to) : d))
  const group = draft as Group
  return { ...group, [key]: withAt(group[key] ?? '', rest, to) }
}
