-- What each incident was answered, so that its end can be learnt from with the symptoms it had.
create table answered (
  incident_id text primary key,
  category text not null,
  confidence double precision not null,
  symptoms text[] not null,
  object_kinds text[] not null,
  edges text[] not null,
  at timestamptz not null
);
create index answered_at on answered (at);

alter table feedback add column confidence double precision;
alter table feedback add column actual_category text;
create index feedback_at on feedback (at);

-- A case as structure (symptoms, kinds, edges), as text, and with how often its remedy helped.
alter table case_study add column title text not null default '';
alter table case_study add column object_kinds text[] not null default '{}';
alter table case_study add column edges text[] not null default '{}';
alter table case_study add column source text not null default 'run' check (source in ('library', 'run', 'person'));
alter table case_study add column words tsvector generated always as
  (to_tsvector('english', title || ' ' || summary || ' ' || coalesce(action, ''))) stored;
create index case_study_words on case_study using gin (words);
create index case_study_symptoms on case_study using gin (symptoms);

create table case_end (
  case_id text not null references case_study (id) on delete cascade,
  feedback_id text not null,
  worked boolean not null,
  at timestamptz not null,
  primary key (case_id, feedback_id)
);
