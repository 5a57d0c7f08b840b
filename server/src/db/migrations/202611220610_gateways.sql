-- Gateways as last heard of, and the bookkeeping that makes every edge record take effect exactly once.
create table gateway (
  site_id text not null,
  gateway text not null,
  online boolean not null default false,
  since timestamptz,
  last_heard timestamptz,
  boot uuid,
  conn bigint,
  epoch uuid,
  software text,
  contract integer,
  config_hash text,
  clock text,
  console_url text,
  -- A held gateway is not acknowledged until a person decides (rule D7).
  held_at timestamptz,
  held_reason text,
  witnessed_size bigint,
  witnessed_at timestamptz,
  primary key (site_id, gateway)
);

-- One row per store of a gateway; its lock serialises the batches of that gateway over all servers.
create table gateway_cursor (
  site_id text not null,
  gateway text not null,
  epoch uuid not null,
  alarm numeric(20) not null default 0,
  custody numeric(20) not null default 0,
  reads numeric(20) not null default 0,
  telemetry numeric(20) not null default 0,
  opened_at timestamptz not null,
  fenced_at timestamptz,
  primary key (site_id, gateway, epoch)
);

-- Every record that took effect, by its identity and the hash of its content (rules D6, D7).
create table inbox (
  site_id text not null,
  gateway text not null,
  epoch uuid not null,
  seq numeric(20) not null,
  lane text not null,
  hash bytea not null,
  received_at timestamptz not null,
  primary key (site_id, gateway, epoch, seq)
);

-- What could not be understood, byte for byte: it never blocks its lane and never vanishes (rule D11).
create table quarantine (
  site_id text not null,
  id uuid not null,
  gateway text not null,
  epoch uuid,
  lane text,
  seq numeric(20),
  code text not null,
  detail text not null,
  raw bytea not null,
  hash bytea not null,
  received_at timestamptz not null,
  primary key (site_id, id),
  unique (site_id, gateway, hash)
);

-- A loss is data: what a gateway says it dropped (reliability 2.5).
create table gap (
  site_id text not null,
  id uuid not null,
  gateway text not null,
  epoch uuid not null,
  seq numeric(20) not null,
  lane text not null,
  first_seq numeric(20),
  last_seq numeric(20),
  from_at timestamptz,
  to_at timestamptz,
  count integer not null,
  reason text not null,
  device text,
  received_at timestamptz not null,
  primary key (site_id, id)
);
create index gap_range on gap (site_id, gateway, epoch, lane, last_seq);

create table device_health (
  site_id text not null,
  gateway text not null,
  device text not null,
  driver text not null,
  label text not null,
  state text not null,
  since timestamptz not null,
  detail text,
  firmware text,
  bad_frames integer not null,
  updated_at timestamptz not null,
  primary key (site_id, gateway, device)
);
