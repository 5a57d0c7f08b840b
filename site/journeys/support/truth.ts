/** What the database holds, asked past the product: the answers that the page must agree with. */
import pg from 'pg'
import type { Site } from '../../src/site.ts'

export interface TrueFile {
  readonly code: string
  readonly title: string
  readonly ref_code: string
}
export interface TruePerson {
  readonly name: string
  readonly number: string
  readonly files: number
  readonly categories: number
  readonly boxes: number
}

export class Truth implements AsyncDisposable {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }
  static async of(site: Site): Promise<Truth> {
    const client = new pg.Client({ connectionString: site.databaseUrl('superuser') })
    await client.connect()
    return new Truth(client)
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end()
  }

  async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    const found = await this.#client.query(sql, values)
    return found.rows as T[]
  }
  async #one<T>(sql: string, values: unknown[] = []): Promise<T> {
    const [row] = await this.rows<T>(sql, values)
    if (!row) throw new Error(`the demo store has nothing for: ${sql}`)
    return row
  }

  /** A box that is on its shelf on this face, and where exactly. */
  boxOn(column: number, side: 'A' | 'B') {
    return this.#one<{ code: string; section: number; shelf: number; slot: number }>(
      `select b.code, p.section, p.shelf, p.slot
       from placement p join box b using (site_id, box_id)
       where p."column" = $1 and p.side = $2 and p.slot > 1
         and not exists (select from loan l where l.box_id = b.box_id and l.returned_at is null)
       order by p.section desc, p.shelf desc, p.slot limit 1`,
      [column, side],
    )
  }

  /** The first file whose title has this in it, as lists are ordered, and how many files and subjects have it. */
  fileWithTitle(part: string) {
    return this.#one<TrueFile & { total: number }>(
      `select b.code, f.title, f.ref_code, (count(*) over () + (
         select count(*) from subject s where s.name like '%' || $1 || '%'))::int as total
       from file f join box b using (site_id, box_id)
       where f.title like '%' || $1 || '%' order by f.ref_code limit 1`,
      [part],
    )
  }
  /** A file that is the only one whose title begins with these pinyin initials. */
  fileWithOwnInitials(letters: number) {
    return this.#one<TrueFile & { begins: string }>(
      `select b.code, f.title, f.ref_code, left(f.initials, $1::int) as begins
       from file f join box b using (site_id, box_id)
       where f.initials ~ ('^[a-z]{' || $1 || '}') and not exists (
         select from file o where o.initials like left(f.initials, $1::int) || '%' and o.file_id <> f.file_id)
       order by f.ref_code limit 1`,
      [letters],
    )
  }

  /** The person who has files in the most categories. */
  busiestPerson() {
    return this.#one<TruePerson>(
      `select s.name, s.number, count(*)::int as files,
         count(distinct f.category_id)::int as categories, count(distinct f.box_id)::int as boxes
       from subject s join file_subject using (site_id, subject_id) join file f using (site_id, file_id)
       where s.type = 'person' group by s.name, s.number order by categories desc, files desc, s.number
       limit 1`,
    )
  }
  async refCodesOf(number: string): Promise<string[]> {
    const rows = await this.rows<{ ref_code: string }>(
      `select f.ref_code from subject s join file_subject using (site_id, subject_id)
         join file f using (site_id, file_id) where s.number = $1 order by f.ref_code`,
      [number],
    )
    return rows.map((r) => r.ref_code)
  }
}
