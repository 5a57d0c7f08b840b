/** The rows of each table from a checked catalogue: pure but for the random ids, which come in. */
import type { Address, CatalogueLine } from '@lantai/contracts'
import { parseAddress } from '@lantai/contracts'
import { rankOf } from '../features/boxes/levels.ts'
import { bigrams } from '../features/records/grams.ts'
import { Initials } from '../features/records/pinyin.ts'
import { standardDots } from '../features/records/ref-code.ts'
import type { CopyValue } from './copy-text.ts'
import type { Catalogue } from './parse.ts'

type Rows = Generator<readonly CopyValue[]>

/**
 * Surrogate ids, given when first asked for. They are random, so that nobody can probe for a hidden row; what is
 * referred to without being there is found when all has been read.
 */
export class Ids {
  readonly #uuid: () => string
  readonly #known = new Map<unknown, string>()
  readonly #categories = new Map<string, number>()

  constructor(uuid: () => string) {
    this.#uuid = uuid
  }
  box(code: string): string {
    return this.#of(code)
  }
  subject(key: string): string {
    return this.#of(`subject/${key}`)
  }
  file(line: CatalogueLine<'file'>): string {
    return this.#of(line)
  }
  loan(line: CatalogueLine<'loan'>): string {
    return this.#of(line)
  }
  category(fonds: string, code: string): number {
    const key = `${fonds}/${code}`
    const id = this.#categories.get(key) ?? this.#categories.size + 1
    this.#categories.set(key, id)
    return id
  }

  #of(key: unknown): string {
    let id = this.#known.get(key)
    if (id === undefined) {
      id = this.#uuid()
      this.#known.set(key, id)
    }
    return id
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
    yield [site, ids.box(b.code), b.code, b.epc, b.tid, b.spineMm, secrecy.get(b.code) ?? 0, now]
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
    yield [site, ids.box(b.code), a.column, a.side, a.section, a.shelf, a.slot, b.spineMm]
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
    yield [site, ids.category(c.fonds, c.code), c.fonds, c.code, c.title, c.retention]
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
export function* fileRows(site: string, files: readonly CatalogueLine<'file'>[], ids: Ids): Rows {
  for (const f of files) {
    const refCode = standardDots(f.refCode)
    yield [
      site,
      ids.file(f),
      ids.box(f.box),
      ids.category(f.fonds, f.category),
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
export function* subjectRows(
  site: string,
  subjects: readonly CatalogueLine<'subject'>[],
  ids: Ids,
): Rows {
  for (const s of subjects) {
    const letters = s.type === 'person' ? initials.ofPerson(s.name) : initials.ofText(s.name)
    yield [site, ids.subject(s.key), s.type, s.name, s.number, letters, gramsText(s.name)]
  }
}

export const fileSubjectColumns = ['site_id', 'subject_id', 'file_id'] as const
export function* fileSubjectRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  for (const f of lines.file)
    for (const key of f.subjects) yield [site, ids.subject(key), ids.file(f)]
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
export function* loanRows(site: string, { lines }: Catalogue, ids: Ids): Rows {
  for (const l of lines.loan)
    yield [site, ids.loan(l), ids.box(l.box), l.card, l.issuedAt, importer, l.due]
}

const initials = new Initials()

/** Who is named for what the source says. */
export const importer = 'import'

// Letters and digits only, so that nothing in a tsvector has to be quoted.
const gramsText = (text: string) => [...bigrams(text)].join(' ')
