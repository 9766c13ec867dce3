-- A step is written twice and a run once a step. Where no index mentions what changed, and the page has room, Postgres writes
-- the new row beside the old one and leaves all indexes alone.
drop index step_open;
-- An answer names its run as well: the key finds its step.
drop index step_of_command;
alter table step set (fillfactor = 50);
alter table run set (fillfactor = 50);
