-- Whose word a verdict is, and on what: copies of one bundle are one. `content` is the hash of the evidence of a request that
-- belongs to no incident; null for incidents.
alter table answered add column content text;
alter table answered add column abstained boolean not null default false;
alter table feedback add column content text;
alter table feedback add column abstained boolean not null default false;
alter table feedback add column actor text;
create index feedback_content on feedback (content, actor) where content is not null;
