-- One row per broken thing and episode. A row without opened_at has only heard signals too weak to open an incident, or a
-- clear that overtook its fault: kept, so that any order of delivery adds up to the same incident.
create table incident (
  id text not null,
  episode integer not null,
  cluster_id text not null,
  fingerprint text not null,
  subject jsonb not null,
  opened_at timestamptz,
  last_seen_at timestamptz,
  last_clear_at timestamptz,
  closed_at timestamptz,
  severity text,
  reasons text[] not null,
  causes jsonb not null,
  nodes text[] not null,
  hits integer not null,
  events integer not null,
  evidence jsonb,
  state text not null,
  category text,
  diagnosis jsonb,
  action text,
  outcome text,
  run_id text,
  merged_into text,
  clear_told boolean not null,
  updated_at timestamptz not null default now(),
  primary key (id, episode),
  unique (fingerprint, episode)
);
create index incident_newest on incident (opened_at desc, id desc) where opened_at is not null;
create index incident_unclosed on incident (cluster_id, fingerprint) where closed_at is null;

-- Every step of a run that was news, for the timeline; the highest revision of a run is where it stands.
create table progress (
  incident_id text not null,
  episode integer not null,
  run_id text not null,
  revision integer not null,
  phase text not null,
  diagnosis jsonb,
  action text,
  outcome text,
  note text,
  at timestamptz not null,
  primary key (incident_id, episode, run_id, revision)
);
