-- Whether anything still refers to a bundle has to be found without reading every event.
create index event_bundle on event (bundle_hash) where bundle_hash is not null;
create index incident_evidence on incident ((evidence->>'hash')) where evidence is not null;
create index incident_closed on incident (closed_at) where closed_at is not null;

-- Where the kept part of the audit chain hangs: the last link that was removed because of its age.
create table audit_removed (
  only_one boolean primary key default true check (only_one),
  seq bigint not null,
  hash text not null
);
