import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { DB } from '../db/schema.gen.ts'
import { appendEntries } from '../features/custody/append.ts'
import type { LedgerEntry } from '../features/custody/entry.ts'
import { hashPassword } from '../features/people/people.ts'
import { checkCatalogue } from './check.ts'
import { copyInto } from './copy-text.ts'
import { beliefColumns, beliefRows, evidenceColumns, evidenceRows } from './evidence.ts'
import { SiteNotEmpty } from './faults.ts'
import { takeIndexesOff } from './indexes.ts'
import type { Catalogue } from './parse.ts'
import * as rows from './rows.ts'

const large = ['box', 'placement', 'file', 'subject', 'file_subject', 'evidence', 'belief'] as const

export type ImportCounts = Record<string, number>

/** Fills an empty site from a catalogue, in one transaction: all of it or nothing. */
export async function loadCatalogue(
  pool: Pool,
  site: string,
  catalogue: Catalogue,
  source: { sha256: string },
  now: Date,
): Promise<ImportCounts> {
  checkCatalogue(catalogue)
  // Started first: the hashes are made on other threads while the rows are copied.
  const hashes = catalogue.lines.person.map((p) => hashPassword(p.password))
  const client = await pool.connect()
  try {
    return await overOneConnection(client, async (trx) => {
      await refuseUnlessEmpty(client, site)
      const ids = rows.giveIds(catalogue, randomUUID)
      await copyAll(client, site, catalogue, ids, now)
      await insertAccounts(trx, site, catalogue, hashes, now)
      await appendEntries(trx, { site, log: 1 }, [registration(catalogue, source)], now, null)
      // The planner's first numbers; titles and grams are left to autovacuum, for they cost most and decide nothing.
      await client.query(`analyze box, placement, file_subject, evidence, belief,
        file (site_id, file_id, box_id, category_id, ref_code, initials, secrecy), subject (site_id, subject_id, name, number)`)
      return counts(catalogue)
    })
  } finally {
    await Promise.allSettled(hashes)
    client.release()
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

async function copyAll(
  client: PoolClient,
  site: string,
  c: Catalogue,
  ids: rows.Ids,
  now: Date,
): Promise<void> {
  const at = now.toISOString()
  const layout = c.lines.layout[0]?.layout
  await client.query(
    'insert into layout (site_id, version, body, loaded_at) values ($1, $2, $3, $4)',
    [site, layout?.version, JSON.stringify(layout), now],
  )
  await client.query('insert into stack_version (site_id, version) values ($1, 1)', [site])
  const putIndexesOn = await takeIndexesOff(client, large)
  const copy = (table: string, columns: readonly string[], from: Parameters<typeof copyInto>[3]) =>
    copyInto(client, table, columns, from)
  await copy('file', rows.fileColumns, rows.fileRows(site, c, ids))
  await copy('subject', rows.subjectColumns, rows.subjectRows(site, c, ids))
  await copy('file_subject', rows.fileSubjectColumns, rows.fileSubjectRows(site, c, ids))
  await copy('box', rows.boxColumns, rows.boxRows(site, c, ids, at))
  await copy('placement', rows.placementColumns, rows.placementRows(site, c, ids))
  await copy('evidence', evidenceColumns, evidenceRows(site, c, ids, now))
  await copy('belief', beliefColumns, beliefRows(site, c, ids, now))
  await copy('fonds', rows.fondsColumns, rows.fondsRows(site, c))
  await copy('category', rows.categoryColumns, rows.categoryRows(site, c, ids))
  await copy('borrower', rows.borrowerColumns, rows.borrowerRows(site, c))
  await copy('loan', rows.loanColumns, rows.loanRows(site, c, ids, randomUUID))
  await putIndexesOn()
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
const registration = ({ lines }: Catalogue, source: { sha256: string }): LedgerEntry => ({
  id: randomUUID(),
  event: 'box.registered',
  actor: { name: rows.importer },
  outcome: 'success',
  detail: `${lines.box.length} boxes, ${lines.file.length} files imported`,
  object: { boxes: lines.box.length, files: lines.file.length, sha256: source.sha256 },
})

const counts = ({ lines }: Catalogue): ImportCounts =>
  Object.fromEntries(Object.entries(lines).map(([kind, list]) => [kind, list.length]))
