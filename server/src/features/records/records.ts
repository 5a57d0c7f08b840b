import type { FileView, SecrecyLevel } from '@lantai/contracts'
import { formatAddress } from '@lantai/contracts'
import type { Kysely } from 'kysely'
import type { Context } from '../../context.ts'
import type { DB } from '../../db/schema.gen.ts'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import { findBoxesById, levelOf, rankOf } from '../boxes/boxes.ts'
import { homesOf } from '../stack/stack.ts'
import { classifiedFileSeen, householdSeen } from './events.ts'
import {
  categoriesWithCounts,
  type FileRow,
  filesOfSubject,
  firstVisibleTitles,
  readFile,
  subjectBy,
  totalsByRank,
  visibleFilesOfBox,
} from './store.ts'

export { highestLevel } from './secrecy-mark.ts'

type Db = Kysely<DB>
const householdLimit = 500

/** The files of a box that this reader may see; the others are absent, not blanked, and not counted. */
export async function filesOfBox(db: Db, site: string, box: string, clearance: SecrecyLevel) {
  const rows = await visibleFilesOfBox(db, site, box, rankOf(clearance))
  return rows.map((r) => ({
    id: r.file_id,
    position: r.position,
    visible: true,
    refCode: r.ref_code,
    title: r.title,
    date: r.date,
    pages: r.pages,
    retention: r.retention,
    secrecy: levelOf(r.secrecy),
  }))
}

/** What to call a box in a list: the title of its first file that this reader may see. */
export async function titlesOfBoxes(
  db: Db,
  site: string,
  boxes: readonly string[],
  clearance: SecrecyLevel,
): Promise<Map<string, string>> {
  if (boxes.length === 0) return new Map()
  const rows = await firstVisibleTitles(db, site, boxes, rankOf(clearance))
  return new Map(rows.map((r) => [r.box_id, r.title]))
}

export type Holdings = Awaited<ReturnType<typeof totalsByRank>>
export const holdings = (db: Db, site: string): Promise<Holdings> => totalsByRank(db, site)

/** What this reader may see of them: a total must not tell how much is hidden. */
export function visibleOf(all: Holdings, clearance: SecrecyLevel) {
  const seen = all.filter((h) => h.secrecy <= rankOf(clearance))
  const sum = (of: 'files' | 'pages') => seen.reduce((total, h) => total + Number(h[of]), 0)
  return { files: sum('files'), pages: sum('pages') }
}

/** Above the clearance a file is as unknown as one that never was. */
export async function getFile(ctx: Context, id: string, person: SignedIn): Promise<FileView> {
  const row = await readFile(ctx.db, ctx.site, id, rankOf(person.clearance))
  if (!row) throw new DomainError('not-found')
  if (row.secrecy > rankOf('internal')) await classifiedFileSeen(ctx, person, id)
  const [view] = await viewsOf(ctx, [row])
  return view as FileView
}

/**
 * 一户式查询: every file of one person or unit, across categories, by date (RZ17, CD22–CD25). A subject of whom the
 * reader may see nothing is not found.
 */
export async function householdQuery(
  ctx: Context,
  asked: { subject?: string; number?: string },
  person: SignedIn,
) {
  const subject = await findSubject(ctx, asked)
  if (!subject) throw new DomainError('not-found')
  const rank = rankOf(person.clearance)
  const rows = await filesOfSubject(ctx.db, ctx.site, subject.subject_id, rank, householdLimit)
  await householdSeen(ctx, person, subject.subject_id, rows.length)
  if (rows.length === 0) throw new DomainError('not-found')
  return {
    subject: {
      id: subject.subject_id,
      name: subject.name,
      type: subject.type as 'person' | 'unit',
      numberMasked: maskNumber(subject.number),
    },
    files: await viewsOf(ctx, rows),
  }
}

async function findSubject(ctx: Context, asked: { subject?: string; number?: string }) {
  if (asked.subject !== undefined) return await subjectBy(ctx.db, ctx.site, { id: asked.subject })
  const number = asked.number?.normalize('NFKC').trim().toUpperCase()
  if (!number) throw new DomainError('bad-request', 'subject or number is needed')
  return await subjectBy(ctx.db, ctx.site, { number })
}

/** Enough to tell two namesakes apart, not enough to be of use: `370***********12`. */
export function maskNumber(number: string): string {
  const shown = number.length >= 10 ? 3 : 0
  const tail = number.length >= 10 ? 2 : 0
  return (
    number.slice(0, shown) +
    '*'.repeat(number.length - shown - tail) +
    number.slice(number.length - tail)
  )
}

export async function listCategories(ctx: Context, person: SignedIn) {
  const { fonds, categories } = await categoriesWithCounts(
    ctx.db,
    ctx.site,
    rankOf(person.clearance),
  )
  return {
    fonds: fonds.map((f) => ({
      ...f,
      categories: categories
        .filter((c) => c.fonds === f.code)
        .map(({ code, title, files }) => ({ code, title, files })),
    })),
  }
}

async function viewsOf(ctx: Context, rows: readonly FileRow[]): Promise<FileView[]> {
  const ids = [...new Set(rows.map((r) => r.box_id))]
  const [boxes, homes] = await Promise.all([
    findBoxesById(ctx.db, ctx.site, ids),
    homesOf(ctx.db, ctx.site, ids),
  ])
  return rows.map((r) => {
    const home = homes.get(r.box_id)
    return {
      id: r.file_id,
      refCode: r.ref_code,
      fonds: r.fonds,
      category: r.category,
      categoryTitle: r.category_title,
      title: r.title,
      responsible: r.responsible,
      date: r.date,
      pages: r.pages,
      retention: r.retention,
      secrecy: levelOf(r.secrecy),
      openness: r.openness,
      box: boxes.get(r.box_id)?.code ?? '',
      position: r.position,
      place: home ? formatAddress(home) : null,
      subjects: r.subjects,
    }
  })
}
