-- Inventory rounds as readers told them: which count may be called complete, and why another may not (devices 3.2).
create table inventory_round (
  site_id text not null,
  gateway text not null,
  epoch uuid not null,
  seq numeric(20) not null,
  device text not null,
  antennas integer[] not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  -- How many of them this one fact tells.
  rounds integer not null,
  tags integer not null,
  troubles text[] not null,
  -- A gap of this reader was told that reaches into it, before or after.
  gap boolean not null,
  complete boolean not null generated always as (troubles = '{}' and not gap) stored,
  received_at timestamptz not null,
  primary key (site_id, gateway, epoch, seq)
);
-- The last complete one, the last incomplete one, and how many of a day.
create index inventory_round_device
  on inventory_round (site_id, gateway, device, complete, received_at desc, seq desc);
-- Those that a gap reaches into.
create index inventory_round_time on inventory_round (site_id, gateway, device, to_at);
