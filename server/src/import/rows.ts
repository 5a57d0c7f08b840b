/** The rows of each table from a checked catalogue: pure but for the random ids, which come in. */
import type { Address } from '@lantai/contracts'
import { parseAddress } from '@lantai/contracts'
import { rankOf } from '../features/boxes/levels.ts'
import { bigrams } from '../features/records/grams.ts'
import { Initials } from '../features/records/pinyin.ts'
import { standardDots } from '../features/records/ref-code.ts'
import type { CopyValue } from './copy-text.ts'
import type { Catalogue } from './parse.ts'

export interface Ids {
  boxes: ReadonlyMap<string, string>
  subjects: ReadonlyMap<string, string>
  files: readonly string[]
  categories: ReadonlyMap<string, number>
}
type Rows = Generator<readonly CopyValue[]>

/** Surrogate ids are random: that a hidden row exists cannot be probed. */
export function giveIds({ lines }: Catalogue, uuid: () => string): Ids {
  return {
    boxes: new Map(lines.box.map((b) => [b.code, uuid()])),
    subjects: new Map(lines.subject.map((s) => [s.key, uuid()])),
    files: lines.file.map(uuid),
    categories: new Map(lines.category.map((c, i) => [`${c.fonds}/${c.code}`, i + 1])),
  }
}

/** A box takes the highest level of its files. */
export function secrecyByBox({ lines }: Catalogue): Map<string, number> {
  const highest = new Map<string, number>()
  for (const f of lines.file)
    highest.set(f.box, Math.max(highest.get(f.box) ?? 0, rankOf(f.secrecy)))
  return highest
}

export const boxColumns = [
  'site_id',
  'box_id',
  'code',
  'epc',
  'tid',
  'spine_mm',
  'secrecy',
  'registered_at',
] as const
export function* boxRows(site: string, catalogue: Catalogue, ids: Ids, now: string): Rows {
  const secrecy = secrecyByBox(catalogue)
  for (const b of catalogue.lines.box)
    yield [
      site,
      id(ids.boxes, b.code),
      b.code,
      b.epc,
      b.tid,
      b.spineMm,
      secrecy.get(b.code) ?? 0,
      now,
    ]
}

export const placementColumns = [
  'site_id',
  'box_id',
  'column',
  'side',
  'section',
  'shelf',
  'slot',
  'spine_mm',
] as const
export function* placementRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  for (const b of lines.box) {
    if (b.home === null) continue
    const a = parseAddress(b.home) as Required<Address>
    yield [site, id(ids.boxes, b.code), a.column, a.side, a.section, a.shelf, a.slot, b.spineMm]
  }
}

export const fondsColumns = ['site_id', 'code', 'title', 'creator'] as const
export function* fondsRows(site: string, { lines }: Catalogue): Rows {
  for (const f of lines.fonds) yield [site, f.code, f.title, f.creator]
}

export const categoryColumns = [
  'site_id',
  'category_id',
  'fonds',
  'code',
  'title',
  'retention',
] as const
export function* categoryRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  for (const c of lines.category)
    yield [site, id(ids.categories, `${c.fonds}/${c.code}`), c.fonds, c.code, c.title, c.retention]
}

export const fileColumns = [
  'site_id',
  'file_id',
  'box_id',
  'category_id',
  'position',
  'ref_code',
  'ref_code_original',
  'title',
  'responsible',
  'date',
  'pages',
  'retention',
  'secrecy',
  'openness',
  'initials',
  'grams',
] as const
export function* fileRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  const initials = new Initials()
  for (const [i, f] of lines.file.entries()) {
    const refCode = standardDots(f.refCode)
    yield [
      site,
      ids.files[i] as string,
      id(ids.boxes, f.box),
      id(ids.categories, `${f.fonds}/${f.category}`),
      f.position,
      refCode,
      refCode === f.refCode ? null : f.refCode,
      f.title,
      f.responsible,
      f.date,
      f.pages,
      f.retention,
      rankOf(f.secrecy),
      f.openness,
      initials.ofText(f.title),
      gramsText(f.title),
    ]
  }
}

export const subjectColumns = [
  'site_id',
  'subject_id',
  'type',
  'name',
  'number',
  'initials',
  'grams',
] as const
export function* subjectRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  const initials = new Initials()
  for (const s of lines.subject) {
    const letters = s.type === 'person' ? initials.ofPerson(s.name) : initials.ofText(s.name)
    yield [site, id(ids.subjects, s.key), s.type, s.name, s.number, letters, gramsText(s.name)]
  }
}

export const fileSubjectColumns = ['site_id', 'subject_id', 'file_id'] as const
export function* fileSubjectRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  for (const [i, f] of lines.file.entries())
    for (const key of f.subjects) yield [site, id(ids.subjects, key), ids.files[i] as string]
}

export const borrowerColumns = [
  'site_id',
  'card',
  'name',
  'unit',
  'clearance',
  'valid_until',
] as const
export function* borrowerRows(site: string, { lines }: Catalogue): Rows {
  for (const b of lines.borrower)
    yield [site, b.card, b.name, b.unit, rankOf(b.clearance), b.validUntil]
}

export const loanColumns = [
  'site_id',
  'loan_id',
  'box_id',
  'card',
  'issued_at',
  'issued_by_name',
  'due',
] as const
export function* loanRows(site: string, { lines }: Catalogue, ids: Ids, uuid: () => string): Rows {
  for (const l of lines.loan)
    yield [site, uuid(), id(ids.boxes, l.box), l.card, l.issuedAt, importer, l.due]
}

/** Who is named for what the source says. */
export const importer = 'import'

// Letters and digits only, so that nothing in a tsvector has to be quoted.
const gramsText = (text: string) => [...bigrams(text)].join(' ')

function id<T>(ids: ReadonlyMap<string, T>, key: string): T {
  const found = ids.get(key)
  if (found === undefined) throw new Error(`unchecked reference: ${key}`)
  return found
}
