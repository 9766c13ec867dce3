-- Where in a trace an event was stored; an incident keeps that of the event that opened it.
alter table event add column traceparent text;
alter table incident add column traceparent text;
