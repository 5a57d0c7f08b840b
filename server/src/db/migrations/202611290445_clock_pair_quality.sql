-- A clock in holdover agreed with the server's, or was synced not long ago: where a boot was never synced it is what
-- its times are corrected by. A synced pair goes before it, however far away.
alter table clock_pair add column clock text not null default 'synced';
alter table clock_pair alter column clock drop default;
alter table clock_pair drop constraint clock_pair_pkey;
alter table clock_pair add primary key (site_id, gateway, boot, clock, bucket);
drop index clock_pair_mono;
create index clock_pair_mono on clock_pair (site_id, gateway, boot, clock, mono);
alter table doubtful_time add column by_clock text;
update doubtful_time set by_clock = 'synced' where corrected_at is not null;
