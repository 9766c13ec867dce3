import { type Diagnosis, type EvidenceRead, type JsonObject, seconds } from '@aetherius/shared/contracts';
import { hashOf } from '../hash.ts';
import type { Scope } from '../scope.ts';
import { done, failed, type StepChange, type StepKind } from './step-kind.ts';

const DEFAULT_TIMEOUT = '60s';
/** Seconds after which the same evidence is asked about once more, in case the question or its answer was lost. */
const REPEAT_S = 20;

const questionId = ({ run, path }: Scope, attempt: number) => `${run.id}:${path}${attempt === 1 ? '' : `@${attempt}`}`;

function ask(scope: Scope, attempt: number): Extract<StepChange, { status: 'started' }> {
  const { incident } = scope.run;
  const id = questionId(scope, attempt);
  return {
    status: 'started',
    input: { bundle_hash: scope.facts.bundle_hash },
    correlation_id: id,
    attempt,
    wake_in: REPEAT_S,
    effects: [
      {
        kind: 'question',
        question: { id, incident_id: incident.id, question: 'root_cause', reasons: incident.reasons },
        fetched: scope.fetched,
      },
    ],
  };
}

/**
 * Asks reasoning for the cause. "Not enough evidence" ends the step at once when the answer names reads that this run has
 * not tried, which are for the steps after it (an answer may name some as well, that would say what can be done); else the step stays open until its time is up, and a newer bundle is asked
 * about at once.
 */
export const analysisStep: StepKind<'ai_analysis'> = {
  begin: (leaf, scope) => ({ ...ask(scope, 1), deadline_in: seconds(leaf.timeout ?? DEFAULT_TIMEOUT) }),
  settle: (leaf, { entry, event, scope }) => {
    if (event.kind === 'diagnosis') {
      const { diagnosis } = event;
      const reads = leaf.rounds_left > 0 ? untried(diagnosis, scope) : [];
      const output = { diagnosis, reads, not_read: notRead(scope) } as unknown as JsonObject;
      if (diagnosis.status === 'answered' || reads.length > 0) return done(output);
      return { status: 'started', output, ...newer(entry.input, scope, entry.attempt) };
    }
    if (event.kind === 'deadline') return entry.output === null ? failed('no_answer') : done(entry.output);
    const heard = entry.output !== null;
    return heard ? { status: 'started', ...newer(entry.input, scope, entry.attempt) } : ask(scope, entry.attempt + 1);
  },
};

/** What a read is about; its words for people may differ from answer to answer. */
const aim = ({ action, target, parameters }: EvidenceRead): string => hashOf({ action, target, parameters });

/** The reads of a diagnosis that this run has not tried yet. */
function untried({ reads }: Diagnosis, { fetched }: Scope): EvidenceRead[] {
  const tried = new Set(fetched.map(({ read }) => aim(read)));
  return reads.filter((read) => !tried.has(aim(read)));
}

/** What was asked for and did not come, in words. */
const notRead = ({ fetched }: Scope): string[] =>
  fetched.flatMap(({ read, reason }) => (reason === null ? [] : [`${read.what} (${reason})`]));

/** A new question when the evidence has changed since the last one. */
function newer(input: JsonObject | null, scope: Scope, attempt: number): Omit<ReturnType<typeof ask>, 'status'> {
  if (input?.['bundle_hash'] === scope.facts.bundle_hash) return {};
  const { status: _, ...change } = ask(scope, attempt + 1);
  return change;
}
