-- When a person shut a cluster out; an agent that is let in again takes it back.
alter table cluster add column revoked_at timestamptz;

-- One-time tokens. Only the hash is kept; the newest of a cluster is the one that counts.
create table enrolment_token (
  id text primary key,
  cluster_id text not null references cluster (id),
  hash text not null unique,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- When it was first shown where it lets nobody in; told once, however often it is tried.
  misused_at timestamptz
);
create index enrolment_token_cluster on enrolment_token (cluster_id);

-- Keys that agents made themselves. A key that was shut out stays here, so that it never comes back.
create table agent_key (
  public_key text primary key,
  cluster_id text not null references cluster (id),
  proof text not null,
  enrolled_at timestamptz not null,
  -- Each statement must be newer than the last, so that none can be sent twice.
  stated_at timestamptz not null,
  jwt_expires_at timestamptz not null,
  renewals int not null default 0,
  revoked_at timestamptz
);
create index agent_key_cluster on agent_key (cluster_id);
create index agent_key_revoked on agent_key (public_key) where revoked_at is not null;

-- The service account that may let further agents of a cluster in, and the cluster's own keys that prove it.
create table cluster_account (
  cluster_id text primary key references cluster (id),
  issuer text not null,
  subject text not null,
  jwks jsonb not null,
  bound_at timestamptz not null
);
