-- A step is written twice and a run once a step. Where no index mentions what changed, and the page has room, Postgres writes
-- the new row beside the old one and leaves all indexes alone.
drop index step_open;
alter table step set (fillfactor = 50);
alter table run set (fillfactor = 50);
-- Whoever waits for its turn asks when the last run of its target ended.
create index run_ended on run (target, finished_at) where finished_at is not null;
