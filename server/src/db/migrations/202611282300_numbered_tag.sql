-- Which box a tag named by a numbering of the archive's own when it was last read (docs/epc.md). The profiles are the
-- gateways'; what is kept here is what they said, so that the search finds a box by an EPC that no catalogue knows.
create table numbered_tag (
  site_id text not null,
  epc text collate "C" not null,
  box_id uuid not null,
  primary key (site_id, epc)
);
