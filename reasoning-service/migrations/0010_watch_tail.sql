-- A detector is its state at some point, in a binary form, and the points that it was fed since. Numbers do not compress well,
-- so no time is spent on trying. The form before cannot be read any more: detectors learn anew.
delete from metric_watch;
alter table metric_watch drop column state;
alter table metric_watch add column state bytea not null;
alter table metric_watch alter column state set storage external;
alter table metric_watch add column tail bytea not null default '';
