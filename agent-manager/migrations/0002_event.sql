-- Evidence is stored once by its content; events and incidents refer to it.
create table bundle (
  hash text primary key,
  body jsonb not null,
  stored_at timestamptz not null default now()
);

create table event (
  day date not null,
  id text not null,
  cluster_id text not null,
  agent_id text not null,
  type text not null,
  signal text not null,
  source text not null,
  namespace text,
  severity text not null,
  reason text not null,
  message text not null,
  object jsonb not null,
  owner jsonb,
  node text,
  count bigint not null,
  fingerprint text not null,
  timestamp timestamptz not null,
  reported_at timestamptz not null,
  labels jsonb not null,
  bundle_hash text,
  received_at timestamptz not null default now(),
  primary key (day, id)
) partition by range (day);
create table event_other partition of event default;

create index event_newest on event (timestamp desc, id desc);
create index event_cluster on event (cluster_id, timestamp desc, id desc);
create index event_fingerprint on event (fingerprint, timestamp desc, id desc);
create index event_id on event (id);
