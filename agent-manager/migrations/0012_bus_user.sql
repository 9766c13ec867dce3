-- Users of the bus that an administrator shut out for good: those of the services, whose credentials name no end.
create table bus_user_revocation (
  public_key text primary key,
  revoked_at timestamptz not null
);
