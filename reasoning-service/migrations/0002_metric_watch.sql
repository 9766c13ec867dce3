-- What is known of each observed metric: the bounded memory of its detector, as JSON.
create table metric_watch (
  id text primary key,
  cluster_id text not null,
  kind text not null check (kind in ('series', 'aegisops')),
  series jsonb not null,
  subject jsonb not null,
  state jsonb not null,
  last_at timestamptz not null,
  revision integer not null
);
create index metric_watch_cluster on metric_watch (cluster_id);
