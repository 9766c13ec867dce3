-- Where in a trace a message was written, so that whoever handles it goes on there.
alter table outbox add column traceparent text;
