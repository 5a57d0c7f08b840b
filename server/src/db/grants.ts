import type { ClientBase } from 'pg'

export const ownerRole = 'lantai_owner'
export const appRole = 'lantai_app'

/**
 * What the app role may do, stated anew after every migration. Custody tables: INSERT and SELECT, nothing else,
 * and by name alone, so that a new `custody_…` table cannot be forgotten (rule L4).
 */
export async function grantAppRole(client: ClientBase) {
  await client.query(`
    do $$
    declare t record;
    begin
      execute 'grant usage on schema public to ${appRole}';
      for t in
        select c.relname as name, c.relkind as kind from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and pg_has_role(current_user, c.relowner, 'usage')
      loop
        execute format('revoke all on public.%I from ${appRole}', t.name);
        if t.name = 'schema_migration' or t.kind in ('v', 'm') then
          execute format('grant select on public.%I to ${appRole}', t.name);
        elsif t.name like 'custody\\_%' then
          execute format('grant select, insert on public.%I to ${appRole}', t.name);
        else
          execute format('grant select, insert, update, delete on public.%I to ${appRole}', t.name);
        end if;
      end loop;
      execute 'grant usage on all sequences in schema public to ${appRole}';
    end $$`)
}

/**
 * Creates both roles where they are missing and sets their passwords. Run by a superuser, once per cluster start;
 * neither role is a superuser, bypasses row security or may create roles.
 */
export async function provisionRoles(
  client: ClientBase,
  passwords: { owner: string | null; app: string | null },
) {
  for (const [role, password] of [
    [ownerRole, passwords.owner],
    [appRole, passwords.app],
  ] as const) {
    await client.query(`do $$ begin
      create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls;
    exception when duplicate_object or unique_violation then null; end $$`)
    if (password !== null)
      await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`)
  }
}
