import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../../db/schema.gen.ts'

type Db = Kysely<DB>

/** A file of a box as a reader of this rank may see it; others are not in the answer. */
export const visibleFilesOfBox = (db: Db, site: string, box: string, rank: number) =>
  db
    .selectFrom('file')
    .select(['file_id', 'position', 'ref_code', 'title', 'date', 'pages', 'retention', 'secrecy'])
    .where('site_id', '=', site)
    .where('box_id', '=', box)
    .where('secrecy', '<=', rank)
    .orderBy('position')
    .execute()

export const firstVisibleTitles = (db: Db, site: string, boxes: readonly string[], rank: number) =>
  db
    .selectFrom('file')
    .distinctOn('box_id')
    .select(['box_id', 'title'])
    .where('site_id', '=', site)
    .where(sql<boolean>`box_id = any(${boxes}::uuid[])`)
    .where('secrecy', '<=', rank)
    .orderBy('box_id')
    .orderBy('position')
    .execute()

export const totalsByRank = (db: Db, site: string) =>
  db
    .selectFrom('file')
    .select((e) => [
      'secrecy',
      e.fn.countAll<number>().as('files'),
      e.cast<number>(e.fn.coalesce(e.fn.sum('pages'), sql`0`), 'bigint').as('pages'),
    ])
    .where('site_id', '=', site)
    .groupBy('secrecy')
    .execute()

export interface FileRow {
  file_id: string
  ref_code: string
  fonds: string
  category: string
  category_title: string
  title: string
  responsible: string
  date: string
  pages: number
  retention: string
  secrecy: number
  openness: string
  box_id: string
  position: number
  subjects: { id: string; name: string; type: 'person' | 'unit' }[]
}

const described = sql`
  f.file_id, f.ref_code, c.fonds, c.code as category, c.title as category_title, f.title, f.responsible,
  f.date, f.pages, f.retention, f.secrecy, f.openness, f.box_id, f.position,
  coalesce((select jsonb_agg(jsonb_build_object('id', s.subject_id, 'name', s.name, 'type', s.type)
      order by s.type, s.name)
    from file_subject fs join subject s on s.site_id = fs.site_id and s.subject_id = fs.subject_id
    where fs.site_id = f.site_id and fs.file_id = f.file_id), '[]') as subjects`

export async function readFile(
  db: Db,
  site: string,
  id: string,
  rank: number,
): Promise<FileRow | undefined> {
  const { rows } = await sql<FileRow>`
    select ${described} from file f
    join category c on c.site_id = f.site_id and c.category_id = f.category_id
    where f.site_id = ${site} and f.file_id = ${id} and f.secrecy <= ${rank}`.execute(db)
  return rows[0]
}

/** Every visible file of a subject, by the time of business (CD23). */
export async function filesOfSubject(
  db: Db,
  site: string,
  subject: string,
  rank: number,
  limit: number,
): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`
    select ${described} from file_subject of_subject
    join file f on f.site_id = of_subject.site_id and f.file_id = of_subject.file_id
    join category c on c.site_id = f.site_id and c.category_id = f.category_id
    where of_subject.site_id = ${site} and of_subject.subject_id = ${subject} and f.secrecy <= ${rank}
    order by f.date, f.ref_code limit ${limit}`.execute(db)
  return rows
}

export const subjectBy = (db: Db, site: string, by: { id: string } | { number: string }) => {
  const query = db
    .selectFrom('subject')
    .select(['subject_id', 'type', 'name', 'number'])
    .where('site_id', '=', site)
  return 'id' in by
    ? query.where('subject_id', '=', by.id).executeTakeFirst()
    : query.where('number', '=', by.number).executeTakeFirst()
}

export async function categoriesWithCounts(db: Db, site: string, rank: number) {
  const [fonds, categories] = await Promise.all([
    db
      .selectFrom('fonds')
      .select(['code', 'title'])
      .where('site_id', '=', site)
      .orderBy('code')
      .execute(),
    sql<{ fonds: string; code: string; title: string; files: number }>`
      select c.fonds, c.code, c.title, coalesce(n.files, 0) as files from category c
      left join (select category_id, count(*) as files from file
        where site_id = ${site} and secrecy <= ${rank} group by category_id) n using (category_id)
      where c.site_id = ${site} order by c.fonds, c.code`.execute(db),
  ])
  return { fonds, categories: categories.rows }
}

export interface AccessRow {
  at: Date
  person: { id: string; name: string }
  act: 'household' | 'file'
  subject: string | null
  file: string | null
  files: number
}

export const insertAccess = (trx: Db, site: string, a: AccessRow) =>
  trx
    .insertInto('record_access')
    .values({
      site_id: site,
      access_id: randomUUID(),
      at: a.at,
      person_id: a.person.id,
      person_name: a.person.name,
      act: a.act,
      subject_id: a.subject,
      file_id: a.file,
      files: a.files,
    })
    .execute()
