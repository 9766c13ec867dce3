-- Messages that leave with the state change that caused them; the relay deletes a row once it is sent.
create table outbox (
  id uuid primary key,
  kind text not null check (kind in ('publish', 'request')),
  subject text not null,
  body jsonb not null,
  deadline timestamptz,
  not_before timestamptz not null default now(),
  attempts int not null default 0,
  created_at timestamptz not null default now()
);
create index outbox_due on outbox (not_before, id);

-- Messages that were handled; a redelivery finds itself here.
create table inbox (
  consumer text not null,
  message_id text not null,
  at timestamptz not null default now(),
  primary key (consumer, message_id)
);
create index inbox_at on inbox (at);
