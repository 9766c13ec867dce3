import type { Diagnosis, RunProgress, Severity, Strategy, Subject } from '@aetherius/shared/contracts';

/** What a run knows of its incident from the message that started it. */
export type Incident = {
  id: string;
  episode: number;
  cluster_id: string;
  severity: Severity;
  reason: string;
  reasons: string[];
  subject: Subject;
};

export const runStatuses = ['queued', 'ready', 'running', 'waiting', 'paused', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export type Phase = RunProgress['phase'];
export type Outcome = NonNullable<RunProgress['outcome']>;

/** One run as its row says. */
export type RunRow = {
  id: string;
  definition: string;
  version: number;
  strategy: Strategy | null;
  requester: string;
  incident: Incident;
  target: string;
  trigger_key: string;
  bundle_hash: string | null;
  /** Where in a trace it was made. */
  traceparent: string | null;
  status: RunStatus;
  stop: 'cleared' | 'merged' | null;
  wake_at: string | null;
  deadline: string;
  lease_owner: string | null;
  revision: number;
  crashes: number;
  phase: Phase | null;
  diagnosis: Diagnosis | null;
  action: string | null;
  outcome: Outcome | null;
  note: string | null;
  progress_revision: number;
  created_at: string;
  finished_at: string | null;
};
