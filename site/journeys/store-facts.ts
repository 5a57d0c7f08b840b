/** The database as a judge: what a journey may begin with, and what became true. */
import pg from 'pg'
import type { Site } from '../src/site.ts'

export interface LendableBox {
  readonly code: string
  /** `12A-3-4-2`. */
  readonly home: string
}

/** Reads the store of a journey as the superuser. `await using` ends its connections. */
export class StoreFacts implements AsyncDisposable {
  readonly #pool: pg.Pool

  constructor(site: Site) {
    this.#pool = new pg.Pool({ connectionString: site.databaseUrl('superuser'), max: 2 })
    // PostgreSQL is killed in journeys: an idle connection that breaks is no fault, the next query says more.
    this.#pool.on('error', () => undefined)
  }

  async rows<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query<T>(sql, values)).rows
  }

  /** Boxes on their shelves, of that secrecy (0 open … 4), that nobody holds; one a shelf. */
  boxesAtHome(secrecy: number, limit: number): Promise<LendableBox[]> {
    return this.rows<LendableBox>(
      `select distinct on (p."column", p.side, p.section, p.shelf) b.code,
         concat(p."column", p.side, '-', p.section, '-', p.shelf, '-', p.slot) as home
       from box b join placement p using (site_id, box_id) join belief w using (site_id, box_id)
       where b.secrecy = $1 and w.kind = 'import' and w.place is not null
         and not exists (select from loan l where l.box_id = b.box_id and l.returned_at is null)
       order by p."column", p.side, p.section, p.shelf, p.slot limit $2`,
      [secrecy, limit],
    )
  }

  /** A box that somebody else's card holds, of no more than that secrecy. */
  async lentBox(secrecy: number): Promise<{ code: string; borrower: string; due: string }> {
    const [row] = await this.rows<{ code: string; borrower: string; due: string }>(
      `select b.code, r.name as borrower, l.due::text as due from loan l
       join box b using (site_id, box_id) join borrower r using (site_id, card)
       where l.returned_at is null and b.secrecy <= $1 order by l.due desc limit 1`,
      [secrecy],
    )
    return needed(row, 'no box is lent')
  }

  /** A card of exactly that clearance (0 open … 4); `expired` or good for at least two months. */
  async card(clearance: number, expired = false): Promise<{ card: string; name: string }> {
    const [row] = await this.rows<{ card: string; name: string }>(
      `select card, name from borrower r where clearance = $1
         and (case when $2 then valid_until < current_date else valid_until > current_date + 60 end)
       order by (select count(*) from loan l where l.card = r.card and l.returned_at is null), card
       limit 1`,
      [clearance, expired],
    )
    return needed(row, `no ${expired ? 'expired' : 'good'} card of clearance ${clearance}`)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.end()
  }
}

function needed<T>(row: T | undefined, why: string): T {
  if (row === undefined) throw new Error(`the demo store has changed: ${why}`)
  return row
}
