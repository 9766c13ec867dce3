-- What was offered with an answer, so that what was done about it can be told from what was left.
alter table answered add column offered text[] not null default '{}';
alter table answered add column advised text[] not null default '{}';
