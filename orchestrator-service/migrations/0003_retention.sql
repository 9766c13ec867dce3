-- The manager said that the incident is over: a finished run is kept at least until then.
alter table run add column incident_over boolean not null default false;
create index run_finished on run (finished_at) where finished_at is not null;
-- Whether anything still refers to a large value has to be found without reading every step.
create index run_bundle on run (bundle_hash) where bundle_hash is not null;
create index step_output on step (output_hash) where output_hash is not null;
