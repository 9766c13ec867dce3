create table command (
  id text primary key,
  cluster_id text not null,
  action text not null,
  target jsonb not null,
  parameters jsonb not null,
  expires_in interval not null,
  requested_by text not null,
  status text not null,
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  result jsonb
);
create index command_newest on command (created_at desc, id desc);
