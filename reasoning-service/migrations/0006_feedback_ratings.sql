-- Cases that an end makes wait here until the store of cases has them: with Neo4j that is another server, which may be away.
create table case_due (
  feedback_id text primary key references feedback (id) on delete cascade,
  made jsonb not null,
  ends jsonb not null,
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  problem text
);
create index case_due_at on case_due (due_at);

-- What people think of an answer in marks; a mark that says right or wrong is a row of feedback as well.
create table rating (
  id text primary key,
  request_id text not null,
  feedback_type text not null check (feedback_type in ('diagnosis_accuracy', 'recommendation_usefulness', 'prediction_accuracy')),
  rating smallint not null check (rating between 1 and 5),
  was_helpful boolean,
  actual_root_cause text,
  actual_solution text,
  comments text,
  submitted_by text not null,
  at timestamptz not null
);
create index rating_request on rating (request_id, at);
