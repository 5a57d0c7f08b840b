-- Boxes and what is in them. `secrecy` is the place in the order open, internal, secret, confidential, topSecret
-- (0…4), so that a reader's clearance is a comparison in every query.
create table box (
  site_id text not null,
  box_id uuid not null,
  code text collate "C" not null,
  epc text collate "C" not null,
  tid text collate "C" not null,
  spine_mm smallint not null check (spine_mm > 0),
  -- The highest of its files.
  secrecy smallint not null check (secrecy between 0 and 4),
  registered_at timestamptz not null,
  primary key (site_id, box_id)
);
create unique index box_code on box (site_id, code);
create unique index box_epc on box (site_id, epc);

create table fonds (
  site_id text not null,
  code text collate "C" not null,
  title text not null,
  creator text not null,
  primary key (site_id, code)
);

create table category (
  site_id text not null,
  category_id integer not null,
  fonds text collate "C" not null,
  code text collate "C" not null,
  title text not null,
  retention text,
  primary key (site_id, category_id),
  unique (site_id, fonds, code)
);

create table file (
  site_id text not null,
  file_id uuid not null,
  box_id uuid not null,
  category_id integer not null,
  position smallint not null check (position > 0),
  ref_code text collate "C" not null,
  -- As the source wrote it, where its separators were not the standard ones.
  ref_code_original text,
  title text not null,
  responsible text not null,
  date date not null,
  pages integer not null check (pages >= 0),
  retention text not null,
  secrecy smallint not null check (secrecy between 0 and 4),
  openness text not null,
  initials text collate "C" not null,
  grams tsvector not null,
  primary key (site_id, file_id)
);
create unique index file_ref_code on file (site_id, ref_code);
create index file_of_box on file (site_id, box_id, position);
create index file_initials on file (site_id, initials);
-- Bigrams, because no trigram is selective for the two characters of a name; every hit is rechecked by LIKE.
create index file_grams on file using gin (grams) with (fastupdate = off);

create table subject (
  site_id text not null,
  subject_id uuid not null,
  type text not null check (type in ('person', 'unit')),
  name text collate "C" not null,
  number text collate "C" not null,
  initials text collate "C" not null,
  grams tsvector not null,
  primary key (site_id, subject_id)
);
create unique index subject_number on subject (site_id, number);
create index subject_name on subject (site_id, name);
create index subject_initials on subject (site_id, initials);
create index subject_grams on subject using gin (grams) with (fastupdate = off);

create table file_subject (
  site_id text not null,
  subject_id uuid not null,
  file_id uuid not null,
  primary key (site_id, subject_id, file_id)
);
create index file_subject_of_file on file_subject (site_id, file_id);

-- Who looked at a household or at a file above internal. Written before the answer is given: audit or refuse.
create table record_access (
  site_id text not null,
  access_id uuid not null,
  at timestamptz not null,
  person_id uuid not null,
  person_name text not null,
  act text not null check (act in ('household', 'file')),
  subject_id uuid,
  file_id uuid,
  files integer not null,
  primary key (site_id, access_id)
);
create index record_access_at on record_access (site_id, at);
