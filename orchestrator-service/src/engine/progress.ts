import type { Diagnosis } from '@aetherius/shared/contracts';
import type { Entry, Journal } from './journal.ts';
import type { LeafKind } from './node.ts';
import type { Plan } from './plan.ts';
import type { Outcome, Phase, RunRow } from './run.ts';
import { diagnosisOf } from './scope.ts';

/** What a person sees of a run. */
export type Progress = {
  phase: Phase | null;
  diagnosis: Diagnosis | null;
  action: string | null;
  outcome: Outcome | null;
  note: string | null;
};

/** The phase that an open step stands for; the others change nothing in the picture. */
const phaseOf: Partial<Record<LeafKind, Phase>> = {
  ai_analysis: 'explaining',
  fetch: 'explaining',
  approval: 'awaiting_approval',
  grant: 'awaiting_approval',
  get: 'repairing',
  dry_run: 'repairing',
  act: 'repairing',
  mark: 'repairing',
  observe: 'verifying',
  proof: 'verifying',
};

/** A journal is kept in the order in which its steps began. */
const latest = (journal: Journal, wanted: (entry: Entry) => boolean): Entry | undefined =>
  [...journal.values()].findLast(wanted);

/** True when a write has left and nobody has yet seen what came of it: the run must not be stopped here. */
export function writeUnderWay(journal: Journal): boolean {
  const wrote = [...journal.values()].some((entry) => entry.kind === 'act');
  const open = [...journal.values()].some((entry) => entry.status === 'started' && phaseOf[entry.kind] !== undefined);
  return wrote && open;
}

/** True when the run has sent a write at all. */
export const hasWritten = (journal: Journal): boolean => latest(journal, (entry) => entry.kind === 'act') !== undefined;

/** How the run stands, from its journal. */
export function progressOf(run: RunRow, journal: Journal): Progress {
  const open = latest(journal, (entry) => entry.status === 'started' && phaseOf[entry.kind] !== undefined);
  const write = latest(journal, (entry) => entry.kind === 'dry_run' && entry.output?.['action'] !== undefined);
  return {
    phase: (open === undefined ? run.phase : phaseOf[open.kind]) ?? null,
    diagnosis: diagnosisOf(journal),
    action: write === undefined ? run.action : String(write.output?.['action']),
    outcome: null,
    note: null,
  };
}

/** How the run ended: verified only when a repair was seen to hold; anything else is for a person. */
export function endingOf(run: RunRow, journal: Journal, plan: Pick<Plan, 'state' | 'reason'>): Progress {
  const progress = progressOf(run, journal);
  const escalated = latest(journal, (entry) => entry.kind === 'escalate' && entry.status === 'done');
  if (plan.state === 'ended' && escalated !== undefined)
    return {
      ...progress,
      phase: 'escalated',
      outcome: escalated.output?.['outcome'] as Outcome,
      note: String(escalated.output?.['message']),
    };
  if (plan.state === 'failed')
    return { ...progress, phase: 'escalated', outcome: 'not_repaired', note: failureNote(journal, plan.reason) };
  const proven = latest(journal, (entry) => entry.kind === 'proven');
  if (proven !== undefined) return { ...progress, phase: 'resolved', outcome: 'verified', note: null };
  return { ...progress, phase: 'escalated', outcome: 'not_repaired', note: 'the workflow ended without a repair' };
}

/** The reason of a failed run in words that a person can act on. */
function failureNote(journal: Journal, reason: string | null): string {
  const failure = latest(journal, (entry) => entry.status === 'failed' && entry.reason === reason);
  const { message, problem, reason: why } = failure?.output ?? {};
  const detail = [message, problem, why].find((text) => typeof text === 'string' && text !== reason);
  return [reason ?? 'failed', failure === undefined ? undefined : `at ${failure.path}`, detail]
    .filter((part) => part !== undefined)
    .join(': ');
}
