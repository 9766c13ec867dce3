-- Definitions: a new version only when the content differs; a run points to the version that it began with.
create table definition (
  name text not null,
  version int not null,
  hash text not null,
  source jsonb not null,
  compiled jsonb not null,
  origin text not null check (origin in ('file', 'rest')),
  created_at timestamptz not null default now(),
  primary key (name, version)
);

create table strategy (
  name text primary key,
  hash text not null,
  body jsonb not null,
  origin text not null check (origin in ('file', 'rest')),
  version int not null default 1,
  updated_at timestamptz not null default now()
);

-- Large values (evidence, long outputs) once by their hash.
create table blob (
  hash text primary key,
  body jsonb not null,
  created_at timestamptz not null default now()
);

create table run (
  id text primary key,
  definition text not null,
  version int not null,
  strategy jsonb,
  requester text not null,
  incident jsonb not null,
  target text not null,
  trigger_key text not null unique,
  bundle_hash text references blob (hash),
  status text not null
    check (status in ('queued', 'ready', 'running', 'waiting', 'paused', 'done', 'failed', 'cancelled')),
  stop text check (stop in ('cleared', 'merged')),
  wake_at timestamptz,
  deadline timestamptz not null,
  lease_owner text,
  lease_until timestamptz,
  revision int not null default 0,
  crashes int not null default 0,
  phase text,
  diagnosis jsonb,
  action text,
  outcome text,
  note text,
  progress_revision int not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  foreign key (definition, version) references definition (name, version)
) with (fillfactor = 70);

create index run_due on run (wake_at) where status in ('ready', 'waiting');
create index run_leased on run (lease_until) where status = 'running';
create index run_listed on run (created_at, id);
-- One run at a time may look after one target; the others wait their turn as `queued`.
create unique index run_active_target on run (target) where status in ('ready', 'running', 'waiting', 'paused');

create table step (
  run_id text not null references run (id) on delete cascade,
  path text not null,
  seq bigint generated always as identity,
  kind text not null,
  status text not null check (status in ('started', 'done', 'failed')),
  attempt int not null,
  input jsonb,
  output jsonb,
  output_hash text references blob (hash),
  reason text,
  correlation_id text,
  answer jsonb,
  late_result jsonb,
  deadline timestamptz,
  wake_at timestamptz,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (run_id, path)
);
create index step_open on step (correlation_id) where status = 'started';
create index step_of_command on step (correlation_id);

-- Every write that left, for the rate per target and for the cooldown.
create table write (
  command_id text primary key,
  run_id text not null references run (id) on delete cascade,
  cluster_id text not null,
  target text not null,
  at timestamptz not null default now()
);
create index write_recent on write (cluster_id, at);

create table approval (
  id text primary key,
  run_id text not null references run (id) on delete cascade,
  path text not null,
  message text not null,
  requester text not null,
  action text,
  target jsonb,
  parameters jsonb,
  before jsonb,
  after jsonb,
  plan_hash text,
  status text not null check (status in ('pending', 'approved', 'rejected', 'expired', 'closed')),
  expires_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  comment text,
  created_at timestamptz not null default now(),
  unique (run_id, path)
);
create index approval_pending on approval (created_at, id) where status = 'pending';

create table notification (
  id text primary key,
  run_id text not null references run (id) on delete cascade,
  path text not null,
  severity text not null,
  message text not null,
  status text not null check (status in ('recorded', 'pending', 'sent', 'failed')),
  attempts int not null default 0,
  next_at timestamptz not null default now(),
  problem text,
  created_at timestamptz not null default now(),
  unique (run_id, path)
);
create index notification_due on notification (next_at) where status = 'pending';

create table kill_switch (
  only_one boolean primary key default true check (only_one),
  engaged boolean not null,
  reason text,
  changed_by text not null,
  changed_at timestamptz not null default now()
);
insert into kill_switch (engaged, changed_by) values (false, 'installation');
