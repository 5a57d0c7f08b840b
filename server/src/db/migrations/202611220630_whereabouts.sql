-- Every claim about where a box is, and the belief that follows from them (locating 9).
create table evidence (
  site_id text not null,
  id bigint generated always as identity,
  box_id uuid not null,
  kind text not null check (kind in ('shelved', 'moved', 'counted', 'issued', 'returned', 'passage',
    'sighting', 'import')),
  at timestamptz not null,
  by text not null,
  place text,
  place_label text,
  received_at timestamptz not null,
  primary key (site_id, id)
);
create index evidence_of_box on evidence (site_id, box_id, at desc, id desc);

-- Confidence is c0·exp(-h·age), computed when it is read: nothing has to run for it to fade.
create table belief (
  site_id text not null,
  box_id uuid not null,
  place text,
  place_label text,
  kind text not null,
  at timestamptz not null,
  by text not null,
  c0 double precision not null check (c0 > 0 and c0 < 1),
  h_per_day double precision not null check (h_per_day >= 0),
  primary key (site_id, box_id)
);
