create table cluster (
  id text primary key,
  display_name text,
  kubernetes_version text,
  first_seen_at timestamptz not null default now(),
  last_event_at timestamptz
);

create table agent (
  id text primary key,
  cluster_id text not null references cluster (id),
  version text,
  started_at timestamptz,
  capabilities text[] not null default '{}',
  changes_allowed boolean not null default false,
  registered_at timestamptz,
  -- Written in rounds from the liveness cache, so that a restarted manager does not take a living fleet for a silent one.
  last_seen_at timestamptz
);
create index agent_cluster on agent (cluster_id);
