-- Under which ids something was forecast: only that can be rated.
create table forecast_answer (
  request_id text primary key,
  at timestamptz not null
);
create index forecast_answer_at on forecast_answer (at);
