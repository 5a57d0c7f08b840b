-- Steel and where each box belongs. A layout has versions; boxes are placed by address, never by coordinates.
create table layout (
  site_id text not null,
  version integer not null,
  body jsonb not null,
  loaded_at timestamptz not null,
  primary key (site_id, version)
);

-- The home place of a box: slots from 1, from the left as seen from the aisle. A box without a row has no place yet.
create table placement (
  site_id text not null,
  box_id uuid not null,
  "column" smallint not null check ("column" > 0),
  side text not null check (side in ('A', 'B')),
  section smallint not null check (section > 0),
  shelf smallint not null check (shelf > 0),
  slot smallint not null check (slot > 0),
  -- Copied from the box, which never changes it, so that a face and the fill of a shelf come from one index.
  spine_mm smallint not null check (spine_mm > 0),
  primary key (site_id, box_id),
  -- Neighbours shift in one statement when a box is put between them.
  constraint placement_slot unique (site_id, "column", side, section, shelf, slot) deferrable initially immediate
);

-- Every ledger move. An undo is a move of its own that names the one it compensates.
create table box_move (
  site_id text not null,
  move_id uuid not null,
  n bigint generated always as identity,
  box_id uuid not null,
  from_place text,
  to_place text not null,
  reason text,
  by_id uuid not null,
  by_name text not null,
  at timestamptz not null,
  undoes uuid,
  primary key (site_id, move_id),
  unique (site_id, undoes)
);
create index box_move_of_box on box_move (site_id, box_id, n desc);

-- Rises with every change of what the plan shows; caches of all servers are judged by it.
create table stack_version (
  site_id text primary key,
  version bigint not null
);
