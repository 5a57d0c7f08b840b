-- The ledger: an RFC 6962 tree, append-only. The app role gets INSERT and SELECT here, nothing else (rule L4).
-- `log` rises when a recovery has to open a new log (rule L7).
create table custody_entry (
  site_id text not null,
  log integer not null,
  index bigint not null,
  id uuid not null,
  event text not null,
  at timestamptz not null,
  box text,
  actor text not null,
  outcome text not null check (outcome in ('success', 'refused', 'observed')),
  detail text,
  -- The exact bytes that were hashed; every other column is a projection of them (rule L2).
  leaf bytea not null,
  primary key (site_id, log, index),
  unique (site_id, log, id)
);
create index custody_entry_box on custody_entry (site_id, box, index desc) where box is not null;

-- Roots of complete subtrees: level 0 are the leaf hashes. Written once, when a subtree becomes complete.
create table custody_node (
  site_id text not null,
  log integer not null,
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  primary key (site_id, log, level, index)
);

-- The tree after each commit, with its compact range (peaks, the largest subtree first): append needs no more.
create table custody_head (
  site_id text not null,
  log integer not null,
  size bigint not null,
  root bytea not null,
  peaks bytea[] not null,
  at timestamptz not null,
  primary key (site_id, log, size)
);

-- The signed note of a head (C2SP tlog-checkpoint, rule L5). Apart, because an import has no signing key.
create table custody_checkpoint (
  site_id text not null,
  log integer not null,
  size bigint not null,
  note text not null,
  primary key (site_id, log, size)
);

-- What witnesses outside the database said they keep (rule L6).
create table custody_anchor (
  site_id text not null,
  id uuid not null,
  log integer not null,
  witness text not null,
  size bigint not null,
  root bytea not null,
  ok boolean not null,
  detail text,
  at timestamptz not null,
  received_at timestamptz not null,
  primary key (site_id, id)
);
create index custody_anchor_newest on custody_anchor (site_id, log, witness, received_at desc);
