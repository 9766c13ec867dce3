-- When what was told of a limit was taken back; it may be told again only later.
alter table forecast_record add column over_at timestamptz;
