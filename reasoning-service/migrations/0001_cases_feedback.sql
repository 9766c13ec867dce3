-- What was learnt: how each diagnosis turned out, and the cases that later ones are compared with.
create table feedback (
  id text primary key,
  incident_id text not null,
  source text not null check (source in ('run', 'person')),
  category text,
  action text,
  outcome text not null,
  comment text,
  at timestamptz not null
);
create index feedback_incident on feedback (incident_id, at);

create table case_study (
  id text primary key,
  incident_id text,
  category text not null,
  subject_kind text not null,
  summary text not null,
  symptoms text[] not null,
  action text,
  outcome text not null,
  at timestamptz not null
);
create index case_study_similar on case_study (category, subject_kind, at desc);
create index case_study_page on case_study (at desc, id desc);
