-- Every request to a bank, stored before it is sent, and what became of it.
create table shelving_command (
  site_id text not null,
  command_id uuid not null,
  gateway text not null,
  bank text not null,
  verb text not null,
  aisle smallint,
  state text not null,
  -- True while the state is only what silence suggests; what the gateway says later overrides it.
  inferred boolean not null default false,
  reason text,
  origin text not null check (origin in ('server', 'console', 'manual')),
  by_id uuid,
  by_name text not null,
  by_roles text[] not null,
  approver_id uuid,
  approver_name text,
  approver_roles text[],
  -- A request that needs a second person is frozen until then.
  approval_until timestamptz,
  asked_reason text,
  purpose text,
  expected_revision integer,
  sent_until timestamptz,
  at timestamptz not null,
  updated_at timestamptz not null,
  primary key (site_id, command_id)
);
create index shelving_command_of_bank on shelving_command (site_id, bank, at desc);
create index shelving_command_pending on shelving_command (site_id, at)
  where state in ('requested', 'accepted', 'running');
