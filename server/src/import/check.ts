import type { Address, CatalogueLine, StackLayout } from '@lantai/contracts'
import { hasValidCheck, parseAddress } from '@lantai/contracts'
import { parseRetention } from '../features/records/retention.ts'
import { columnOf } from '../features/stack/steel.ts'
import { Faults, ImportRefused } from './faults.ts'
import type { Catalogue } from './parse.ts'

/** What one line cannot say: references, uniqueness, places in the steel. Throws `ImportRefused` with all of it. */
export function checkCatalogue(catalogue: Catalogue): void {
  const { lines, at } = catalogue
  const faults = new Faults()
  const say = (line: object, reason: string | null) => {
    if (reason) faults.add(at.get(line) ?? 0, reason)
  }
  const layout = lines.layout[0]?.layout as StackLayout
  const fonds = unique(lines.fonds, (f) => f.code, 'fonds code', say)
  const categories = unique(lines.category, (c) => `${c.fonds}/${c.code}`, 'category', say)
  for (const c of lines.category)
    say(c, fonds.has(c.fonds) ? null : `fonds ${c.fonds} is not known`)
  const boxes = unique(lines.box, (b) => b.code, 'box code', say)
  unique(lines.box, (b) => b.epc, 'EPC', say)
  unique(
    lines.box.filter((b) => b.home !== null),
    (b) => b.home ?? '',
    'home place',
    say,
  )
  for (const b of lines.box) say(b, boxFault(b, layout))
  const subjects = unique(lines.subject, (s) => s.key, 'subject key', say)
  unique(lines.subject, (s) => s.number, 'subject number', say)
  unique(lines.file, (f) => f.refCode, 'reference code', say)
  unique(lines.file, (f) => `${f.box}/${f.position}`, 'position in the box', say)
  const isDay = dayChecker()
  for (const f of lines.file) say(f, fileFault(f, { categories, boxes, subjects, isDay }))
  const cards = unique(lines.borrower, (b) => b.card, 'card', say)
  for (const b of lines.borrower)
    say(
      b,
      hasValidCheck(b.card)
        ? dayFault(isDay, b.validUntil)
        : 'check character of the card is wrong',
    )
  unique(lines.loan, (l) => l.box, 'open loan of the box', say)
  for (const l of lines.loan) {
    say(l, boxes.has(l.box) ? null : `box ${l.box} is not known`)
    say(l, cards.has(l.card) ? dayFault(isDay, l.due) : `card ${l.card} is not known`)
  }
  unique(lines.person, (p) => p.account, 'account', say)
  for (const p of lines.person) say(p, personFault(p))
  if (faults.count > 0) throw new ImportRefused(faults)
}

function unique<T extends object>(
  lines: readonly T[],
  key: (line: T) => string,
  what: string,
  say: (line: object, reason: string) => void,
): ReadonlySet<string> {
  const seen = new Set<string>()
  for (const line of lines) {
    const k = key(line)
    if (seen.has(k)) say(line, `the ${what} is there twice`)
    seen.add(k)
  }
  return seen
}

function boxFault(b: CatalogueLine<'box'>, layout: StackLayout): string | null {
  if (!hasValidCheck(b.code)) return 'check character of the box code is wrong'
  if (b.home === null) return null
  const home = parseAddress(b.home)
  return home && isSlot(layout, home) ? null : `home place ${b.home} is not in the layout`
}

function isSlot(layout: StackLayout, a: Address): boolean {
  const column = columnOf(layout, a.column)?.column
  if (!column || a.slot === undefined) return false
  return (a.section ?? 0) <= column.sections && (a.shelf ?? 0) <= column.shelves
}

function fileFault(
  f: CatalogueLine<'file'>,
  known: {
    categories: ReadonlySet<string>
    boxes: ReadonlySet<string>
    subjects: ReadonlySet<string>
    isDay: (day: string) => boolean
  },
): string | null {
  if (!known.categories.has(`${f.fonds}/${f.category}`))
    return `category ${f.fonds}/${f.category} is not known`
  if (!known.boxes.has(f.box)) return `box ${f.box} is not known`
  if (!f.refCode.startsWith(`${f.fonds}-`)) return 'the reference code is of another fonds'
  if (!parseRetention(f.retention)) return `retention ${f.retention} cannot be read`
  const stranger = f.subjects.find((s) => !known.subjects.has(s))
  if (stranger !== undefined) return `subject ${stranger} is not known`
  if (new Set(f.subjects).size < f.subjects.length) return 'a subject is there twice'
  return dayFault(known.isDay, f.date)
}

function personFault(p: CatalogueLine<'person'>): string | null {
  const officers = p.roles.includes('systemOfficer') || p.roles.includes('securityOfficer')
  if (p.roles.includes('auditOfficer') && officers)
    return 'the auditor may be neither system nor security officer'
  return p.password.length < 8 ? 'the password is shorter than eight characters' : null
}

const dayFault = (isDay: (day: string) => boolean, day: string) =>
  isDay(day) ? null : `${day} is not a day`

/** `2019-02-30` fits the pattern and is no day. Days repeat, so that each is asked once. */
function dayChecker(): (day: string) => boolean {
  const known = new Map<string, boolean>()
  return (day) => {
    let is = known.get(day)
    if (is === undefined) {
      const date = new Date(`${day}T00:00:00Z`)
      is = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
      known.set(day, is)
    }
    return is
  }
}
