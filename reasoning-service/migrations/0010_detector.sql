-- A detector is its state at some point, in a binary form, and the points that it was fed since. The former form cannot be read
-- any more: detectors learn anew. metric_watch stays as it is, because replicas of the former version write there while an upgrade
-- goes on.
create table detector (
  id text primary key,
  cluster_id text not null,
  kind text not null check (kind in ('series', 'aegisops')),
  series jsonb not null,
  subject jsonb not null,
  state bytea not null,
  tail bytea not null default '',
  last_at timestamptz not null,
  revision integer not null
);
create index detector_cluster on detector (cluster_id);
-- Numbers do not compress well, so no time is spent on trying.
alter table detector alter column state set storage external;
