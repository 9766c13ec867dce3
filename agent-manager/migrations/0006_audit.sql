-- A chain: each row's hash covers the row before it, so a changed or missing row shows.
create table audit (
  seq bigint primary key,
  id text not null unique,
  at timestamptz not null,
  service text not null,
  actor text not null,
  action text not null,
  target text not null,
  outcome text not null,
  details jsonb,
  record text not null,
  previous_hash text not null,
  hash text not null
);
