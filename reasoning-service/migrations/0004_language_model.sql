-- Calls of the language model: reserved before they are made, so that replicas together stay within a limit.
create table llm_call (
  id uuid primary key,
  at timestamptz not null,
  tenant text not null,
  cluster_id text not null,
  incident_id text,
  model text not null,
  outcome text not null check (outcome in ('reserved', 'answered', 'failed')),
  failure text,
  input_tokens integer not null,
  output_tokens integer not null,
  cost numeric
);
create index llm_call_at on llm_call (at, tenant);
create index llm_call_incident on llm_call (incident_id, at);

-- Answers by the hash of the redacted prompt: names in them are tokens, so one answer serves every incident that asks alike.
create table llm_answer (
  fingerprint text primary key,
  model text not null,
  answer jsonb not null,
  at timestamptz not null,
  hits integer not null default 0
);
create index llm_answer_at on llm_answer (at);
