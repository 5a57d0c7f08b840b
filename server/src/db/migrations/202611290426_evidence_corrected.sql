-- Evidence that a gateway told with its clock in doubt names its record, so that it gets its true time beside what was
-- told once that is known (rule G7); a belief stands at the true time, and says so.
alter table evidence add column gateway text;
alter table evidence add column epoch uuid;
alter table evidence add column seq numeric(20);
alter table evidence add column corrected_at timestamptz;
create index evidence_doubtful on evidence (site_id, gateway, epoch, seq) where seq is not null;
alter table belief add column corrected boolean not null default false;
