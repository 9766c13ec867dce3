-- Signing keys of the bus's account that an administrator retired: an agent-manager that still has one must not bring it back.
create table bus_signing_key_retirement (
  public_key text primary key,
  retired_at timestamptz not null
);
