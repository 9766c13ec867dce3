import { type JsonObject, seconds } from '@aetherius/shared/contracts';
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
      },
    ],
  };
}

/**
 * Asks reasoning for the cause. "Not enough evidence" is kept, not taken as the last word: the step stays open until
 * its time is up, and a newer bundle is asked about at once.
 */
export const analysisStep: StepKind<'ai_analysis'> = {
  begin: (leaf, scope) => ({ ...ask(scope, 1), deadline_in: seconds(leaf.timeout ?? DEFAULT_TIMEOUT) }),
  settle: (_leaf, { entry, event, scope }) => {
    if (event.kind === 'diagnosis') {
      const output = { diagnosis: event.diagnosis as unknown as JsonObject };
      if (event.diagnosis.status === 'answered') return done(output);
      return { status: 'started', output, ...newer(entry.input, scope, entry.attempt) };
    }
    if (event.kind === 'deadline') return entry.output === null ? failed('no_answer') : done(entry.output);
    const heard = entry.output !== null;
    return heard ? { status: 'started', ...newer(entry.input, scope, entry.attempt) } : ask(scope, entry.attempt + 1);
  },
};

/** A new question when the evidence has changed since the last one. */
function newer(input: JsonObject | null, scope: Scope, attempt: number): Omit<ReturnType<typeof ask>, 'status'> {
  if (input?.['bundle_hash'] === scope.facts.bundle_hash) return {};
  const { status: _, ...change } = ask(scope, attempt + 1);
  return change;
}
