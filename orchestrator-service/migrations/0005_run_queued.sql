-- Who waits for its turn is asked each second: without reading the runs that wait for something else, or ended months ago.
create index run_queued on run (target, created_at, id) where status = 'queued';
