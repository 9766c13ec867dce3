-- Each source of an agent, and each series that is heard of, with when it was heard last: silence is told apart from zero.
create table metric_source (
  cluster_id text not null,
  source text not null,
  step_ms integer not null,
  heard_at timestamptz not null,
  silent boolean not null default false,
  primary key (cluster_id, source)
);

create table metric_series (
  id text primary key,
  cluster_id text not null,
  source text not null,
  series jsonb not null,
  subject jsonb not null,
  step_ms integer,
  last_at timestamptz not null,
  heard_at timestamptz not null,
  silent boolean not null default false,
  watched boolean not null default false
);
create index metric_series_cluster on metric_series (cluster_id, source);
create index metric_series_heard on metric_series (heard_at) where not silent;

-- The last hours of what agents sampled; null is no data.
create table metric_point (
  series_id text not null references metric_series (id) on delete cascade,
  at timestamptz not null,
  value double precision,
  primary key (series_id, at)
);
create index metric_point_at on metric_point (at);

-- Which pods, services and nodes belong to a workload, as the agent told last.
create table workload (
  cluster_id text not null,
  kind text not null,
  namespace text not null,
  name text not null,
  pods text[] not null,
  services text[] not null,
  nodes text[] not null,
  told_at timestamptz not null,
  primary key (cluster_id, kind, namespace, name)
);
