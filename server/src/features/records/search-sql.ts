/**
 * The searches, with the reader's clearance inside each of them: a hidden file is not found, not counted and gives
 * no subject away (reliability 4.4). `rank` is the reader's clearance, `cap` where counting stops.
 */
import { type RawBuilder, sql } from 'kysely'
import { fold, gramQuery } from './grams.ts'

export interface Asked {
  site: string
  rank: number
  cap: number
  limit: number
}
export interface FoundFile {
  file_id: string
  ref_code: string
  title: string
  box_id: string
  total: number
}
export interface FoundSubject {
  subject_id: string
  name: string
  type: 'person' | 'unit'
  files: number
  total: number
}

/** Files whose rows satisfy `where`; `total` is exact up to the cap and one more beyond it. */
const files = (a: Asked, where: RawBuilder<unknown>) => sql<FoundFile>`
  with found as materialized (
    select file_id, ref_code, title, box_id from file
    where site_id = ${a.site} and secrecy <= ${a.rank} and ${where} limit ${a.cap + 1})
  select found.*, (select count(*) from found) as total from found order by ref_code limit ${a.limit}`

const subjects = (a: Asked, where: RawBuilder<unknown>) => sql<FoundSubject>`
  with found as materialized (
    select subject_id, name, type from subject s
    where site_id = ${a.site} and ${where} and exists (
      select from file_subject fs join file f on f.site_id = fs.site_id and f.file_id = fs.file_id
      where fs.site_id = s.site_id and fs.subject_id = s.subject_id and f.secrecy <= ${a.rank})
    limit ${a.cap + 1}),
  shown as (select * from found order by length(name), name, subject_id limit ${a.limit})
  select shown.*, (select count(*) from found) as total, (
    select count(*) from file_subject fs join file f on f.site_id = fs.site_id and f.file_id = fs.file_id
    where fs.site_id = ${a.site} and fs.subject_id = shown.subject_id and f.secrecy <= ${a.rank}) as files
  from shown order by length(name), name, subject_id`

/** Highest code point of the "C" order: the end of a prefix range. */
const end = '\u{10FFFF}'
const startsWith = (column: string, prefix: string) =>
  sql`${sql.ref(column)} >= ${prefix} and ${sql.ref(column)} < ${prefix + end}`

/**
 * Every word of the text, by the bigrams that the index knows and then by the letters themselves: without the
 * recheck a count over-matched 860 to 110. A single pair needs none, it stands in the title or it does not. Folding
 * a title costs more than comparing it, so that is tried last. Null when there is no pair to ask the index for.
 */
function contains(column: 'title' | 'name', text: string): RawBuilder<unknown> | null {
  const grams = gramQuery(text)
  if (!grams) return null
  const words = fold(text).split(/\s+/)
  const matches = sql`grams @@ ${grams}::tsquery`
  if (words.length === 1 && [...fold(text)].length === 2) return matches
  const plain = sql.ref(column)
  const folded = sql`lower(normalize(${plain}, NFKC))`
  const rechecks = words.map((w) => {
    const pattern = `%${escapeLike(w)}%`
    return sql`(${plain} like ${pattern} or ${folded} like ${pattern})`
  })
  return sql`${matches} and ${sql.join(rechecks, sql` and `)}`
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')

export const filesByText = (a: Asked, text: string) => {
  const where = contains('title', text)
  return where && files(a, where)
}
export const filesByInitials = (a: Asked, initials: string) =>
  files(a, startsWith('initials', initials))
export const filesByRefCode = (a: Asked, prefix: string) => files(a, startsWith('ref_code', prefix))

export const subjectsByText = (a: Asked, text: string) => {
  const where = contains('name', text)
  return where && subjects(a, where)
}
/** One character is too little for the index of pairs: only the beginning of a name, never a slow scan. */
export const subjectsByFirst = (a: Asked, text: string) => subjects(a, startsWith('name', text))
export const subjectsByInitials = (a: Asked, initials: string) =>
  subjects(a, startsWith('initials', initials))
export const subjectsByNumber = (a: Asked, number: string) => subjects(a, sql`number = ${number}`)
