import type { ClientBase } from 'pg'

interface Column {
  table: string
  name: string
  type: string
  nullable: boolean
  generated: boolean
}

const kinds: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  tsvector: 'string',
  date: 'string',
  numeric: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  bytea: 'Buffer',
  timestamptz: 'Timestamp',
  interval: 'string',
  json: 'Json',
  jsonb: 'Json',
}

const head = `// Generated from a migrated database by \`npm run db:types\`. Do not edit.
import type { ColumnType } from 'kysely'

export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S, I | undefined, U>
    : ColumnType<T, T | undefined, T>
export type Timestamp = ColumnType<Date, Date | string, Date | string>
/** Written as JSON text, so that an array is never taken for a PostgreSQL array. */
export type Json = ColumnType<unknown, string, string>
`

/** The text of \`schema.gen.ts\` for a live, migrated database. */
export async function generateTypes(client: ClientBase): Promise<string> {
  const { rows } = await client.query<Column>(`
    select c.relname as "table", a.attname as name, t.typname as type, not a.attnotnull as nullable,
      (a.atthasdef or a.attidentity <> '' or a.attgenerated <> '') as generated
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
      and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and not exists (select 1 from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by c.relname collate "C", a.attname collate "C"`)
  const tables = Map.groupBy(rows, (r) => r.table)
  const interfaces = [...tables].map(
    ([name, columns]) =>
      `export interface ${pascal(name)} {\n${columns.map((c) => `  ${c.name}: ${typeOf(c)}\n`).join('')}}\n`,
  )
  const db = [...tables.keys()].map((name) => `  ${name}: ${pascal(name)}\n`).join('')
  return `${head}\n${interfaces.join('\n')}\nexport interface DB {\n${db}}\n`
}

const pascal = (name: string) =>
  name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())

function typeOf(c: Column): string {
  const array = c.type.startsWith('_')
  const base = kinds[array ? c.type.slice(1) : c.type]
  if (!base) throw new Error(`column ${c.table}.${c.name}: no TypeScript type for ${c.type}`)
  const plain = array ? `${base}[]` : base
  const nullable = c.nullable ? `${plain} | null` : plain
  return c.generated ? `Generated<${nullable}>` : nullable
}
