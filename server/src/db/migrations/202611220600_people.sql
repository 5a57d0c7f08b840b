-- Who may sign in, and the sessions that are open. Sites share one database by site_id, first in every key.
create table account (
  site_id text not null,
  id uuid not null,
  account text not null,
  name text not null,
  roles text[] not null,
  clearance text not null check (clearance in ('open', 'internal', 'secret', 'confidential', 'topSecret')),
  password_hash text not null,
  failed_count integer not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  last_sign_in timestamptz,
  created_at timestamptz not null default now(),
  primary key (site_id, id),
  unique (site_id, account),
  constraint account_roles_known check (
    cardinality(roles) > 0 and roles <@ array['archivist', 'runner', 'facilities', 'desk',
      'systemOfficer', 'securityOfficer', 'auditOfficer']),
  -- 三员: the auditor is neither the system nor the security officer (reliability 4.4).
  constraint account_auditor_apart check (
    not ('auditOfficer' = any (roles) and roles && array['systemOfficer', 'securityOfficer']))
);

-- Only the hash of the token is kept: who reads the database cannot take over a session.
create table session (
  site_id text not null,
  id uuid not null,
  token_hash bytea not null unique,
  person_id uuid not null,
  address text not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('sign-out', 'expired', 'revoked')),
  primary key (site_id, id),
  foreign key (site_id, person_id) references account (site_id, id)
);
create index session_open on session (site_id, person_id) where ended_at is null;
