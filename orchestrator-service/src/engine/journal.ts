import type { CommandResult, Diagnosis, JsonObject } from '@aetherius/shared/contracts';
import type { LeafKind } from './node.ts';

/** What came from outside for an open step and has not been judged yet. */
export type Answer =
  | { kind: 'result'; result: CommandResult }
  | { kind: 'refused'; reason: string }
  | { kind: 'offline' }
  | { kind: 'diagnosis'; diagnosis: Diagnosis }
  | { kind: 'verdict'; approved: boolean; by: string; comment: string | null };

/** One row of a run's journal, keyed by path. */
export type Entry = {
  path: string;
  kind: LeafKind;
  status: 'started' | 'done' | 'failed';
  attempt: number;
  input: JsonObject | null;
  output: JsonObject | null;
  reason: string | null;
  correlation_id: string | null;
  answer: Answer | null;
  deadline: string | null;
  wake_at: string | null;
  started_at: string;
  finished_at: string | null;
};

export type Journal = ReadonlyMap<string, Entry>;
