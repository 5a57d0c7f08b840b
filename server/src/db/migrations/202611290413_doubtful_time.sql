-- What a gateway wrote while its wall clock was in doubt, with the time that it will have been, once a good pair of its
-- clocks is known (rule G7). What was told stays what was told: here, and in the rows of every feature.
create table clock_pair (
  site_id text not null,
  gateway text not null,
  boot uuid not null,
  -- Ten minutes of the monotonic clock: one pair in each.
  bucket integer not null,
  mono bigint not null,
  wall timestamptz not null,
  primary key (site_id, gateway, boot, bucket)
);
create index clock_pair_mono on clock_pair (site_id, gateway, boot, mono);

create table doubtful_time (
  site_id text not null,
  gateway text not null,
  epoch uuid not null,
  seq numeric(20) not null,
  type text not null,
  clock text not null,
  boot uuid not null,
  mono bigint not null,
  told_at timestamptz not null,
  corrected_at timestamptz,
  -- From the pair that corrects it, microseconds of the monotonic clock; the nearest one holds.
  apart_us bigint,
  received_at timestamptz not null,
  primary key (site_id, gateway, epoch, seq)
);
create index doubtful_time_mono on doubtful_time (site_id, gateway, boot, mono);
create index doubtful_time_day on doubtful_time (site_id, received_at);

-- Which entry of the ledger tells of such a record; the entry itself is never changed.
create table doubtful_entry (
  site_id text not null,
  entry uuid not null,
  gateway text not null,
  epoch uuid not null,
  seq numeric(20) not null,
  primary key (site_id, entry)
);

-- The record that began an alarm; and when it will have begun, where the time of that record was in doubt.
alter table alarm add column since_epoch uuid;
alter table alarm add column since_seq numeric(20);
alter table alarm add column since_corrected timestamptz;
create index alarm_doubtful on alarm (site_id, gateway, since_epoch, since_seq) where since_seq is not null;
