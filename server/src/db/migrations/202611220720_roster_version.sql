-- The last number given to a roster: a clock that was set back must not make a new roster look old to its gateway.
alter table gateway add column roster_version bigint;
