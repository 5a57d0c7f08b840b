-- Readings of air sensors: hypertable with continuous aggregates where TimescaleDB is loaded, else monthly
-- partitions with rollup tables that a job keeps. Above this file both are the same: `reading` to write,
-- `reading_minute` and `reading_hour` to read, `roll_readings()` and `ensure_reading_partitions()` to call.
create table sensor (
  site_id text not null,
  sensor_id integer generated always as identity primary key,
  name text collate "C" not null,
  label text not null,
  room text not null,
  x_mm double precision not null,
  y_mm double precision not null,
  unique (site_id, name)
);

-- Hours that got readings after they had been rolled up: a gateway that was away sends what it kept.
create table reading_dirty (
  site_id text not null,
  hour timestamptz not null,
  primary key (site_id, hour)
);

do $migration$
declare
  -- Without the preload, `create extension` ends the whole connection.
  loadable boolean := exists (select from pg_available_extensions where name = 'timescaledb')
    and coalesce(current_setting('shared_preload_libraries', true), '') like '%timescaledb%';
begin
  if loadable and not exists (select from pg_extension where extname = 'timescaledb') then
    begin
      create extension timescaledb;
    exception when insufficient_privilege then
      raise notice 'timescaledb is available but this role may not create it: plain partitions are used';
    end;
  end if;

  if exists (select from pg_extension where extname = 'timescaledb') then
    create table reading (
      site_id text not null,
      sensor_id integer not null,
      quantity smallint not null,
      at timestamptz not null,
      value real not null
    );
    perform create_hypertable('reading', 'at', chunk_time_interval => interval '7 days',
      create_default_indexes => false);
    create index reading_of_sensor on reading (sensor_id, quantity, at desc);
    alter table reading set (timescaledb.compress,
      timescaledb.compress_segmentby = 'site_id, sensor_id, quantity', timescaledb.compress_orderby = 'at');
    perform add_compression_policy('reading', interval '7 days');

    create materialized view reading_minute
      with (timescaledb.continuous, timescaledb.materialized_only = false) as
      select site_id, sensor_id, quantity, time_bucket('1 minute', at) as bucket,
        count(*) as n, min(value) as min, max(value) as max, avg(value) as mean
      from reading group by 1, 2, 3, 4
      with no data;
    create materialized view reading_hour
      with (timescaledb.continuous, timescaledb.materialized_only = false) as
      select site_id, sensor_id, quantity, time_bucket('1 hour', at) as bucket,
        count(*) as n, min(value) as min, max(value) as max, avg(value) as mean
      from reading group by 1, 2, 3, 4
      with no data;
    -- No start offset: late readings, however old, are taken in by the next run.
    perform add_continuous_aggregate_policy('reading_minute', start_offset => null,
      end_offset => interval '3 minutes', schedule_interval => interval '1 minute');
    perform add_continuous_aggregate_policy('reading_hour', start_offset => null,
      end_offset => interval '1 hour', schedule_interval => interval '10 minutes');

    create function ensure_reading_partitions(p_now timestamptz) returns void language sql as 'select';
    create function roll_readings(p_now timestamptz) returns void language sql as
      'delete from reading_dirty where hour < p_now';
  else
    create table reading (
      site_id text not null,
      sensor_id integer not null,
      quantity smallint not null,
      at timestamptz not null,
      value real not null
    ) partition by range (at);
    create index reading_of_sensor on reading (sensor_id, quantity, at desc);
    -- A sensor with a wrong clock is still stored.
    create table reading_default partition of reading default;

    create table reading_minute_rollup (
      site_id text not null,
      sensor_id integer not null,
      quantity smallint not null,
      bucket timestamptz not null,
      n bigint not null,
      min real not null,
      max real not null,
      mean double precision not null,
      primary key (sensor_id, quantity, bucket)
    );
    create index reading_minute_bucket on reading_minute_rollup using brin (bucket);
    create table reading_hour_rollup (like reading_minute_rollup including all);
    -- Minutes before `minutes` and hours before `hours` are in the rollups; the rest is computed when read.
    create table reading_rolled (
      one boolean primary key default true check (one),
      minutes timestamptz not null,
      hours timestamptz not null
    );
    insert into reading_rolled values (true, '2000-01-01 00:00Z', '2000-01-01 00:00Z');

    create view reading_minute as
      select site_id, sensor_id, quantity, bucket, n, min, max, mean
      from reading_minute_rollup where bucket < (select minutes from reading_rolled)
      union all
      select site_id, sensor_id, quantity, date_bin('1 minute', at, '2000-01-01 00:00Z'),
        count(*), min(value), max(value), avg(value)
      from reading where at >= (select minutes from reading_rolled) group by 1, 2, 3, 4;
    create view reading_hour as
      select site_id, sensor_id, quantity, bucket, n, min, max, mean
      from reading_hour_rollup where bucket < (select hours from reading_rolled)
      union all
      select site_id, sensor_id, quantity, date_bin('1 hour', at, '2000-01-01 00:00Z'),
        count(*), min(value), max(value), avg(value)
      from reading where at >= (select hours from reading_rolled) group by 1, 2, 3, 4;

    create function fold_readings(p_from timestamptz, p_to timestamptz, p_sites text[]) returns void
      language sql as $fold$
      insert into reading_minute_rollup (site_id, sensor_id, quantity, bucket, n, min, max, mean)
        select site_id, sensor_id, quantity, date_bin('1 minute', at, '2000-01-01 00:00Z'),
          count(*), min(value), max(value), avg(value)
        from reading where at >= p_from and at < p_to and (p_sites is null or site_id = any (p_sites))
        group by 1, 2, 3, 4
      on conflict (sensor_id, quantity, bucket) do update
        set n = excluded.n, min = excluded.min, max = excluded.max, mean = excluded.mean
    $fold$;
    create function fold_hours(p_from timestamptz, p_to timestamptz, p_sites text[]) returns void
      language sql as $fold$
      insert into reading_hour_rollup (site_id, sensor_id, quantity, bucket, n, min, max, mean)
        select site_id, sensor_id, quantity, date_bin('1 hour', bucket, '2000-01-01 00:00Z'),
          sum(n), min(min), max(max), sum(mean * n) / sum(n)
        from reading_minute_rollup
        where bucket >= p_from and bucket < p_to and (p_sites is null or site_id = any (p_sites))
        group by 1, 2, 3, 4
      on conflict (sensor_id, quantity, bucket) do update
        set n = excluded.n, min = excluded.min, max = excluded.max, mean = excluded.mean
    $fold$;

    -- Three minutes of room: what comes later than that marks its hour in `reading_dirty`.
    create function roll_readings(p_now timestamptz) returns void language plpgsql as $roll$
    declare
      rolled reading_rolled;
      new_minutes timestamptz := date_trunc('minute', p_now - interval '3 minutes');
      new_hours timestamptz := date_trunc('hour', p_now - interval '3 minutes');
      late record;
    begin
      select * into rolled from reading_rolled for update;
      for late in with gone as (
          delete from reading_dirty where hour < rolled.minutes returning site_id, hour)
        select hour, array_agg(site_id) as sites from gone group by hour order by hour
      loop
        perform fold_readings(late.hour, least(late.hour + interval '1 hour', rolled.minutes), late.sites);
        if late.hour < rolled.hours then
          perform fold_hours(late.hour, late.hour + interval '1 hour', late.sites);
        end if;
      end loop;
      if new_minutes > rolled.minutes then
        perform fold_readings(rolled.minutes, new_minutes, null);
        if new_hours > rolled.hours then
          perform fold_hours(rolled.hours, new_hours, null);
        end if;
        update reading_rolled set minutes = new_minutes, hours = greatest(rolled.hours, new_hours);
      end if;
    end $roll$;

    -- Runs with the owner's rights: the app role may not create tables. Rows that came early move out of the default.
    create function ensure_reading_partitions(p_now timestamptz) returns void
      language plpgsql security definer set search_path = public, pg_temp as $ensure$
    declare
      month timestamptz;
      name text;
    begin
      perform pg_advisory_xact_lock(779102);
      for i in -1..2 loop
        month := date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC' + make_interval(months => i);
        name := 'reading_' || to_char(month at time zone 'UTC', 'YYYYMM');
        continue when to_regclass('public.' || name) is not null;
        execute format('create table %I (like reading including defaults including indexes)', name);
        execute format('with moved as (delete from reading_default where at >= %L and at < %L returning *)
          insert into %I select * from moved', month, month + interval '1 month', name);
        execute format('alter table reading attach partition %I for values from (%L) to (%L)',
          name, month, month + interval '1 month');
      end loop;
    end $ensure$;
    perform ensure_reading_partitions(now());
  end if;
end $migration$;
