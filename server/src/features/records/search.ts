import type { Hit } from '@lantai/contracts'
import { formatAddress } from '@lantai/contracts'
import type { RawBuilder } from 'kysely'
import type { Context } from '../../context.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Box } from '../boxes/boxes.ts'
import { completeCode, findBoxByCodeOrEpc, findBoxesById, rankOf } from '../boxes/boxes.ts'
import { boxAt, columnOf, currentLayout, type Home, homesOf } from '../stack/stack.ts'
import { titlesOfBoxes } from './records.ts'
import {
  type Asked,
  type FoundFile,
  type FoundSubject,
  filesByInitials,
  filesByRefCode,
  filesByText,
  subjectsByFirst,
  subjectsByInitials,
  subjectsByNumber,
  subjectsByText,
} from './search-sql.ts'
import { type Understood, understand } from './understand.ts'

/** Counting stops here; the screen says "1,000+". */
export const countCap = 1000

export interface SearchAnswer {
  hits: Hit[]
  total: number
  capped: boolean
  understood: Understood['as']
}

/** The one search field. Hidden files are neither answered nor counted. */
export async function search(
  ctx: Context,
  q: string,
  limit: number,
  person: SignedIn,
): Promise<SearchAnswer> {
  const meant = understand(q)
  const found = await find(ctx, meant, limit, person)
  ctx.log.info({ person: person.id, understood: meant.as, total: found.total }, 'search')
  return {
    hits: found.hits.slice(0, limit),
    total: Math.min(found.total, countCap),
    capped: found.total > countCap,
    understood: meant.as,
  }
}

interface Found {
  hits: Hit[]
  total: number
}

function find(ctx: Context, meant: Understood, limit: number, person: SignedIn): Promise<Found> {
  const asked: Asked = { site: ctx.site, rank: rankOf(person.clearance), cap: countCap, limit }
  switch (meant.as) {
    case 'boxCode':
      return byCode(ctx, meant.prefix, limit, person)
    case 'epc':
      return byEpc(ctx, meant.epc, person)
    case 'place':
      return byPlace(ctx, meant, person)
    case 'refCode':
      return rows(ctx, limit, null, filesByRefCode(asked, meant.prefix))
    case 'number':
      return rows(ctx, limit, subjectsByNumber(asked, meant.number), null)
    case 'initials':
      return rows(
        ctx,
        limit,
        subjectsByInitials(asked, meant.initials),
        filesByInitials(asked, meant.initials),
      )
    case 'text':
      return [...meant.text].length === 1
        ? rows(ctx, limit, subjectsByFirst(asked, meant.text), null)
        : rows(ctx, limit, subjectsByText(asked, meant.text), filesByText(asked, meant.text))
  }
}

async function rows(
  ctx: Context,
  limit: number,
  subjects: RawBuilder<FoundSubject> | null,
  files: RawBuilder<FoundFile> | null,
): Promise<Found> {
  const [s, f] = await Promise.all([
    subjects?.execute(ctx.db).then((r) => r.rows) ?? [],
    files?.execute(ctx.db).then((r) => r.rows) ?? [],
  ])
  // Neither pushes the other off the list: a common name would hide every title.
  const shown = s.slice(0, Math.max(limit - f.length, Math.ceil(limit / 2)))
  return {
    hits: [...shown.map(subjectHit), ...(await fileHits(ctx, f))],
    total: (s[0]?.total ?? 0) + (f[0]?.total ?? 0),
  }
}

const subjectHit = (s: FoundSubject): Hit => ({
  kind: 'subject',
  key: s.subject_id,
  label: s.name,
  detail: String(s.files),
  box: null,
  place: null,
})

async function fileHits(ctx: Context, files: readonly FoundFile[]): Promise<Hit[]> {
  const ids = [...new Set(files.map((f) => f.box_id))]
  const [boxes, homes] = await Promise.all([
    findBoxesById(ctx.db, ctx.site, ids),
    homesOf(ctx.db, ctx.site, ids),
  ])
  return files.map((f) => ({
    kind: 'file',
    key: f.file_id,
    label: f.title,
    detail: f.ref_code,
    box: boxes.get(f.box_id)?.code ?? null,
    place: placeText(homes.get(f.box_id)),
  }))
}

async function byCode(
  ctx: Context,
  prefix: string,
  limit: number,
  person: SignedIn,
): Promise<Found> {
  const boxes = await completeCode(ctx.db, ctx.site, prefix, countCap + 1)
  return {
    hits: await boxHits(ctx, boxes.slice(0, limit), person),
    total: boxes.length,
  }
}

async function byEpc(ctx: Context, epc: string, person: SignedIn): Promise<Found> {
  const box = await findBoxByCodeOrEpc(ctx.db, ctx.site, epc)
  return { hits: box ? await boxHits(ctx, [box], person) : [], total: box ? 1 : 0 }
}

async function byPlace(
  ctx: Context,
  { address, place }: Extract<Understood, { as: 'place' }>,
  person: SignedIn,
): Promise<Found> {
  const at = columnOf(await currentLayout(ctx.db, ctx.site), address.column)
  if (!at) return { hits: [], total: 0 }
  const { section, shelf, slot } = address
  const whole = section !== undefined && shelf !== undefined && slot !== undefined
  const box = whole ? await boxAt(ctx.db, ctx.site, { ...address, section, shelf, slot }) : null
  const known = box ? await findBoxesById(ctx.db, ctx.site, [box]) : new Map<string, Box>()
  const hit: Hit = {
    kind: 'place',
    key: place,
    label: place,
    detail: at.bank.label,
    box: null,
    place,
  }
  const hits = [hit, ...(await boxHits(ctx, [...known.values()], person))]
  return { hits, total: hits.length }
}

async function boxHits(ctx: Context, boxes: readonly Box[], person: SignedIn): Promise<Hit[]> {
  const ids = boxes.map((b) => b.id)
  const [homes, titles] = await Promise.all([
    homesOf(ctx.db, ctx.site, ids),
    titlesOfBoxes(ctx.db, ctx.site, ids, person.clearance),
  ])
  return boxes.map((b) => ({
    kind: 'box',
    key: b.code,
    label: b.code,
    detail: titles.get(b.id)?.slice(0, 200) ?? null,
    box: b.code,
    place: placeText(homes.get(b.id)),
  }))
}

const placeText = (home: Home | undefined) => (home ? formatAddress(home) : null)
