-- Device lists by version: append-only, the app role can neither change nor delete one (rule L4).
create table custody_config_version (
  site_id text not null,
  gateway text not null,
  version integer not null,
  -- The exact text that sha256 is of.
  body text not null,
  sha256 text not null,
  by_id uuid,
  by_name text not null,
  at timestamptz not null,
  reason text not null,
  without_contacts text[] not null default '{}',
  -- `gateway`: found there, not written here.
  origin text not null check (origin in ('server', 'gateway')),
  primary key (site_id, gateway, version)
);

-- What a gateway said of a version.
create table config_judgement (
  site_id text not null,
  gateway text not null,
  version integer not null,
  sha256 text not null,
  state text not null check (state in ('applied', 'rejected')),
  judged_at timestamptz not null,
  errors text[] not null,
  primary key (site_id, gateway, version)
);

-- What is wanted of each gateway, and what it last reported to run.
create table gateway_config (
  site_id text not null,
  gateway text not null,
  desired_version integer,
  desired_at timestamptz,
  reported_version integer,
  reported_sha256 text,
  reported_at timestamptz,
  judged_version integer,
  running jsonb not null default '[]',
  drivers jsonb not null default '[]',
  primary key (site_id, gateway)
);
