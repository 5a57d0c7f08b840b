-- One row is one alarm from its first moment to its close. `key` names the condition for ever.
create table alarm (
  site_id text not null,
  alarm_id uuid not null,
  -- The gateway that judges the condition; empty for conditions of the server itself.
  gateway text not null,
  key text not null,
  kind text not null,
  priority smallint not null check (priority between 1 and 3),
  state text not null check (state in ('unacknowledged', 'acknowledged', 'returnedUnacknowledged', 'latched', 'closed')),
  active boolean not null,
  latched boolean not null,
  "where" jsonb not null,
  value double precision,
  "limit" double precision,
  unit text,
  since timestamptz not null,
  returned_at timestamptz,
  closed_at timestamptz,
  ack_by text,
  ack_at timestamptz,
  ack_comment text,
  reset_by text,
  reset_at timestamptz,
  reset_reason text,
  version integer not null,
  primary key (site_id, alarm_id),
  constraint alarm_closed check ((state = 'closed') = (closed_at is not null))
);
create unique index alarm_open on alarm (site_id, gateway, key) where closed_at is null;
create index alarm_history on alarm (site_id, closed_at desc) where closed_at is not null;
