import type { CommandView, Role } from '@lantai/contracts'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { DB, ShelvingCommand } from '../../db/schema.gen.ts'
import type { Known, State } from './life.ts'
import type { CommandTransition } from './mirror.ts'

type Db = Kysely<DB>
export type CommandRow = Selectable<ShelvingCommand>

export interface Asker {
  id: string
  name: string
  roles: readonly Role[]
}
export interface NewCommand {
  id: string
  gateway: string
  bank: string
  verb: CommandView['verb']
  aisle: number | null
  by: Asker
  reason: string | null
  purpose: string | null
  expectedRevision: number | null
  at: Date
  sentUntil: Date | null
  approvalUntil: Date | null
}

export const insertCommand = (trx: Db, site: string, c: NewCommand): Promise<CommandRow> =>
  trx
    .insertInto('shelving_command')
    .values({
      site_id: site,
      command_id: c.id,
      gateway: c.gateway,
      bank: c.bank,
      verb: c.verb,
      aisle: c.aisle,
      state: 'requested',
      origin: 'server',
      by_id: c.by.id,
      by_name: c.by.name,
      by_roles: [...c.by.roles],
      asked_reason: c.reason,
      purpose: c.purpose,
      expected_revision: c.expectedRevision,
      approval_until: c.approvalUntil,
      sent_until: c.sentUntil,
      at: c.at,
      updated_at: c.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

/** A command that this server never asked for: the console's, or a hand at the shelf (rule S10). */
export const insertForeign = (
  trx: Db,
  site: string,
  gateway: string,
  t: CommandTransition,
  at: Date,
) =>
  trx
    .insertInto('shelving_command')
    .values({
      site_id: site,
      command_id: t.command,
      gateway,
      bank: t.bank,
      verb: t.verb,
      aisle: t.aisle,
      state: t.state,
      reason: t.reason,
      origin: t.origin,
      by_name: t.by,
      by_roles: [],
      at,
      updated_at: at,
    })
    .onConflict((c) => c.doNothing())
    .execute()

const one = (db: Db, site: string, id: string) =>
  db
    .selectFrom('shelving_command')
    .selectAll()
    .where('site_id', '=', site)
    .where('command_id', '=', id)

export const readCommand = (db: Db, site: string, id: string) =>
  one(db, site, id).executeTakeFirst()

export const lockCommand = (trx: Db, site: string, id: string) =>
  one(trx, site, id).forUpdate().executeTakeFirst()

export const setState = (
  trx: Db,
  row: Pick<CommandRow, 'site_id' | 'command_id'>,
  known: Known,
  reason: string | null,
  at: Date,
) =>
  trx
    .updateTable('shelving_command')
    .set({ state: known.state, inferred: known.inferred, reason, updated_at: at })
    .where('site_id', '=', row.site_id)
    .where('command_id', '=', row.command_id)
    .execute()

export const setApproved = (
  trx: Db,
  row: CommandRow,
  by: Asker,
  sentUntil: Date,
  at: Date,
): Promise<CommandRow> =>
  trx
    .updateTable('shelving_command')
    .set({
      approver_id: by.id,
      approver_name: by.name,
      approver_roles: [...by.roles],
      approval_until: null,
      sent_until: sentUntil,
      updated_at: at,
    })
    .where('site_id', '=', row.site_id)
    .where('command_id', '=', row.command_id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** The newest command of each bank. */
export const newestByBank = (db: Db, site: string, since: Date): Promise<CommandRow[]> =>
  db
    .selectFrom('shelving_command')
    .distinctOn('bank')
    .selectAll()
    .where('site_id', '=', site)
    .where('at', '>', since)
    .orderBy('bank')
    .orderBy('at', 'desc')
    .execute()

/** Commands of which something is still to come. */
export const pendingCommands = (db: Db, site: string): Promise<CommandRow[]> =>
  db
    .selectFrom('shelving_command')
    .selectAll()
    .where('site_id', '=', site)
    .where(sql<boolean>`state in ('requested', 'accepted', 'running')`)
    .execute()

export const knownOf = (row: CommandRow): Known => ({
  state: row.state as State,
  inferred: row.inferred,
})

export const viewOf = (row: CommandRow): CommandView => ({
  command: row.command_id,
  bank: row.bank,
  verb: row.verb as CommandView['verb'],
  aisle: row.aisle,
  state: row.state as State,
  reason: row.reason,
  by: row.by_name,
  at: row.at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  awaitsApproval: row.state === 'requested' && row.approval_until !== null,
})
