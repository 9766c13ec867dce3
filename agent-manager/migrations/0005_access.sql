create table api_token (
  id text primary key,
  name text not null,
  hash text not null unique,
  roles text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
