-- When a backup last ended so: one row for each way to end, written by whatever made it.
create table backup (
  outcome text primary key check (outcome in ('succeeded', 'failed')),
  at timestamptz not null
);
