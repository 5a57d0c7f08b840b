import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { DB } from '../db/schema.gen.ts'
import { appendEntries } from '../features/custody/append.ts'
import type { LedgerEntry } from '../features/custody/entry.ts'
import { hashPassword } from '../features/people/people.ts'
import { checkCatalogue } from './check.ts'
import { copyInto, type Rows } from './copy-text.ts'
import { beliefColumns, beliefRows, evidenceColumns, evidenceRows } from './evidence.ts'
import { SiteNotEmpty } from './faults.ts'
import { takeIndexesOff } from './indexes.ts'
import { type Catalogue, CatalogueParser } from './parse.ts'
import * as rows from './rows.ts'
import { Ids } from './rows.ts'

export type ImportCounts = Record<string, number>

export type Read = (parser: CatalogueParser) => Promise<{ sha256: string }>

/**
 * Fills an empty site, in one transaction: all of it or nothing. `read` hands every line to the parser; the long
 * tables are copied while it is still reading, and everything is judged before the end.
 */
export async function loadCatalogue(
  pool: Pool,
  site: string,
  read: Read,
  now: Date,
): Promise<ImportCounts> {
  const parser = new CatalogueParser()
  const reading = read(parser).finally(() => parser.end())
  // Awaited at the end; until then its failure is nobody's surprise.
  const settled = Promise.allSettled([reading])
  const client = await pool.connect()
  try {
    return await overOneConnection(client, async (trx) => {
      await refuseUnlessEmpty(client, site)
      const load = new Load(client, site, now)
      const catalogue = await load.whileReading(parser, reading)
      const hashes = catalogue.lines.person.map((p) => hashPassword(p.password))
      await load.rest(catalogue)
      await insertAccounts(trx, site, catalogue, hashes, now)
      const { sha256 } = await reading
      await appendEntries(trx, { site, log: 1 }, [registration(catalogue, sha256)], now, [])
      return counts(catalogue)
    })
  } finally {
    client.release()
    await settled
  }
}

/** COPY needs the bare connection and the ledger needs Kysely: both work in the same transaction. */
async function overOneConnection<T>(
  client: PoolClient,
  act: (trx: Transaction<DB>) => Promise<T>,
): Promise<T> {
  const only = { query: client.query.bind(client), release: () => undefined }
  const pool = { connect: async () => only as never, end: async () => undefined, options: {} }
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
  return await db.transaction().execute(async (trx) => {
    await client.query(
      `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
       set local maintenance_work_mem = '128MB'`,
    )
    return await act(trx)
  })
}

async function refuseUnlessEmpty(client: PoolClient, site: string) {
  // Two imports at once: the second waits here, and then finds the first one's rows.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`import/${site}`])
  const { rows: found } = await client.query<{ filled: boolean }>(
    `select exists (select from layout where site_id = $1) or exists (select from box where site_id = $1)
      or exists (select from file where site_id = $1) or exists (select from account where site_id = $1) as filled`,
    [site],
  )
  if (found[0]?.filled) throw new SiteNotEmpty(`site ${site} already holds records`)
}

/** The tables in the order in which their lines come. */
class Load {
  readonly #client: PoolClient
  readonly #site: string
  readonly #now: Date
  readonly #ids = new Ids(randomUUID)
  readonly #rebuild: (() => Promise<void>)[] = []

  constructor(client: PoolClient, site: string, now: Date) {
    this.#client = client
    this.#site = site
    this.#now = now
  }

  /** Subjects and files, as they come; then the judgement of all. */
  async whileReading(parser: CatalogueParser, reading: Promise<unknown>): Promise<Catalogue> {
    const copied = this.#copyFeeds(parser)
    // A row that PostgreSQL refuses is a line that the judgement names better.
    const [outcome] = await Promise.allSettled([copied, reading])
    await reading
    const catalogue = parser.done()
    checkCatalogue(catalogue)
    if (outcome.status === 'rejected') throw outcome.reason
    return catalogue
  }

  async #copyFeeds({ subjects, files }: CatalogueParser) {
    const [site, ids] = [this.#site, this.#ids]
    const indexesOn = await this.#indexesOff('subject')
    const subjectRows = mapped(subjects, (batch) => rows.subjectRows(site, batch, ids))
    await copyInto(this.#client, 'subject', rows.subjectColumns, subjectRows)
    await indexesOn()
    this.#rebuild.push(await this.#indexesOff('file'))
    const fileRows = mapped(files, (batch) => rows.fileRows(site, batch, ids))
    await copyInto(this.#client, 'file', rows.fileColumns, fileRows)
  }

  async rest(c: Catalogue): Promise<void> {
    const [site, ids, now] = [this.#site, this.#ids, this.#now]
    await this.#layout(c)
    for (const table of ['file_subject', 'box', 'placement', 'evidence', 'belief'])
      this.#rebuild.push(await this.#indexesOff(table))
    const copy = (table: string, columns: readonly string[], from: Rows) =>
      copyInto(this.#client, table, columns, [from])
    await copy('file_subject', rows.fileSubjectColumns, rows.fileSubjectRows(site, c, ids))
    await copy('box', rows.boxColumns, rows.boxRows(site, c, ids, now.toISOString()))
    await copy('placement', rows.placementColumns, rows.placementRows(site, c, ids))
    await copy('evidence', evidenceColumns, evidenceRows(site, c, ids, now))
    await copy('belief', beliefColumns, beliefRows(site, c, ids, now))
    await copy('fonds', rows.fondsColumns, rows.fondsRows(site, c))
    await copy('category', rows.categoryColumns, rows.categoryRows(site, c, ids))
    await copy('borrower', rows.borrowerColumns, rows.borrowerRows(site, c))
    await copy('loan', rows.loanColumns, rows.loanRows(site, c, ids))
    for (const indexesOn of this.#rebuild) await indexesOn()
    await this.#client.query(firstNumbers)
  }

  #indexesOff = (table: string) => takeIndexesOff(this.#client, [table])

  async #layout({ lines }: Catalogue) {
    const layout = lines.layout[0]?.layout
    await this.#client.query(
      'insert into layout (site_id, version, body, loaded_at) values ($1, $2, $3, $4)',
      [this.#site, layout?.version, JSON.stringify(layout), this.#now],
    )
    await this.#client.query('insert into stack_version (site_id, version) values ($1, 1)', [
      this.#site,
    ])
  }
}

/** For the planner; titles and grams are left to autovacuum, for they cost most and decide nothing. */
const firstNumbers = `analyze box, placement, file_subject, evidence, belief,
  file (site_id, file_id, box_id, category_id, ref_code, initials, secrecy),
  subject (site_id, subject_id, name, number)`

async function* mapped<T>(
  feed: AsyncIterable<T[]>,
  rowsOf: (batch: T[]) => Rows,
): AsyncGenerator<Rows> {
  for await (const batch of feed) yield rowsOf(batch)
}

async function insertAccounts(
  trx: Transaction<DB>,
  site: string,
  { lines }: Catalogue,
  hashes: readonly Promise<string>[],
  now: Date,
) {
  const values = await Promise.all(
    lines.person.map(async (p, i) => ({
      site_id: site,
      id: randomUUID(),
      account: p.account,
      name: p.name,
      roles: p.roles,
      clearance: p.clearance,
      password_hash: (await hashes[i]) as string,
      created_at: now,
    })),
  )
  if (values.length > 0) await trx.insertInto('account').values(values).execute()
}

/**
 * One entry for all boxes of an import, with the hash of the lines that it read. An entry for each would be a
 * fifth of the time that a first start takes, and would prove no more: the hash covers every box.
 */
const registration = ({ lines }: Catalogue, sha256: string): LedgerEntry => ({
  id: randomUUID(),
  event: 'box.registered',
  actor: { name: rows.importer },
  outcome: 'success',
  detail: `${lines.box.length} boxes, ${lines.file.length} files imported`,
  object: { boxes: lines.box.length, files: lines.file.length, sha256 },
})

const counts = ({ lines }: Catalogue): ImportCounts =>
  Object.fromEntries(Object.entries(lines).map(([kind, list]) => [kind, list.length]))
