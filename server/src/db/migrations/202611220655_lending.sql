create table borrower (
  site_id text not null,
  card text collate "C" not null,
  name text not null,
  unit text not null,
  clearance smallint not null check (clearance between 0 and 4),
  valid_until date not null,
  primary key (site_id, card)
);

create table loan (
  site_id text not null,
  loan_id uuid not null,
  box_id uuid not null,
  card text collate "C" not null,
  issued_at timestamptz not null,
  -- Null for a loan that was open in the source of an import.
  issued_by uuid,
  issued_by_name text not null,
  due date not null,
  purpose text,
  returned_at timestamptz,
  returned_by uuid,
  returned_by_name text,
  -- An issue that was taken back; the row stays, the ledger has both acts.
  undone boolean not null default false,
  primary key (site_id, loan_id)
);
-- One winner, whoever asks at the same moment.
create unique index loan_open on loan (site_id, box_id) where returned_at is null;
create index loan_open_due on loan (site_id, due) where returned_at is null;
create index loan_open_card on loan (site_id, card) where returned_at is null;
create index loan_issued on loan (site_id, issued_at);
create index loan_returned on loan (site_id, returned_at) where returned_at is not null;

-- Same key, same answer (rule D16).
create table lending_request (
  site_id text not null,
  request_id uuid not null,
  act text not null check (act in ('issue', 'return')),
  person_id uuid not null,
  hash bytea not null,
  loans uuid[] not null,
  at timestamptz not null,
  primary key (site_id, request_id)
);
