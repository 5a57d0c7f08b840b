import type { ClientBase } from 'pg'

interface Rebuilt {
  drop: string
  create: string
}

/**
 * Takes the keys and indexes off tables that hold nothing yet, so that they are built once over all rows instead
 * of being grown row by row. Returns what builds them again. Tables with rows of another site keep theirs.
 */
export async function takeIndexesOff(
  client: ClientBase,
  tables: readonly string[],
): Promise<() => Promise<void>> {
  const rebuild: string[] = []
  for (const table of tables) {
    const { rows } = await client.query<{ empty: boolean }>(
      `select not exists (select from ${table}) as empty`,
    )
    if (!rows[0]?.empty) continue
    const found = await client.query<Rebuilt>(
      `select case when con.oid is null then format('drop index %s', i.indexrelid::regclass)
          else format('alter table %s drop constraint %I', i.indrelid::regclass, con.conname) end as drop,
        case when con.oid is null then pg_get_indexdef(i.indexrelid)
          else format('alter table %s add constraint %I %s', i.indrelid::regclass, con.conname,
            pg_get_constraintdef(con.oid)) end as create
      from pg_index i left join pg_constraint con on con.conindid = i.indexrelid and con.contype in ('p', 'u')
      where i.indrelid = $1::regclass`,
      [table],
    )
    for (const { drop, create } of found.rows) {
      await client.query(drop)
      rebuild.push(create)
    }
  }
  return async () => {
    for (const create of rebuild) await client.query(create)
  }
}
