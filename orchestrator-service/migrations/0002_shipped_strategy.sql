-- Whether a file names this strategy, also after a person changed it: each start finds out again.
alter table strategy add column shipped boolean not null default false;
update strategy set shipped = origin = 'file';
