-- Failures of a browser that has signed in before are counted apart from those of strangers, so that nobody can lock
-- somebody else out by guessing. A browser is known by the token of its last session, open or over.
alter table session
  add column failed_count integer not null default 0,
  add column locked_until timestamptz;
