-- Open incidents are looked through twice a second, faint signals every minute: neither may grow with what has been closed
-- for months. Their columns change rarely, so the many updates of a row that is under way leave these indices alone.
create index incident_open on incident (cluster_id) where closed_at is null and opened_at is not null;
create index incident_faint on incident (id) where closed_at is null and opened_at is null;
create index incident_merged on incident (merged_into) where merged_into is not null;

-- Room for the next version of a row beside it: then an update writes no index.
alter table incident set (fillfactor = 70);
alter table cluster set (fillfactor = 50);
alter table agent set (fillfactor = 50);

-- What happened to one thing, and where something happened that is rare, without reading every event.
create index event_name on event ((object->>'name'), timestamp desc);
create index event_reason on event (reason, timestamp desc);
create index event_namespace on event (namespace, timestamp desc);

-- The id settles the order of events of one millisecond only, and is 64 letters long: without it these take a third of the room.
drop index event_newest;
create index event_newest on event (timestamp desc);
drop index event_cluster;
create index event_cluster on event (cluster_id, timestamp desc);
drop index event_fingerprint;
create index event_fingerprint on event (fingerprint, timestamp desc);
