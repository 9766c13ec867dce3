-- Where in a trace a run was made: it goes on in other processes, and its trace with it.
alter table run add column traceparent text;
