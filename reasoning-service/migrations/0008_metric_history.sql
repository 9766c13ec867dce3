-- Half hours of what agents sampled, kept for days: forecasts and sizes need more than the last hours.
create table metric_history (
  series_id text not null references metric_series (id) on delete cascade,
  at timestamptz not null,
  mean double precision not null,
  most double precision not null,
  primary key (series_id, at)
);
create index metric_history_at on metric_history (at);

-- What was forecast of a series and has not come yet, how earlier forecasts turned out, and when one was told.
create table forecast_record (
  series_id text not null references metric_series (id) on delete cascade,
  horizon text not null check (horizon in ('near', 'far')),
  pending jsonb not null,
  outcomes jsonb not null,
  told_at timestamptz,
  primary key (series_id, horizon)
);
