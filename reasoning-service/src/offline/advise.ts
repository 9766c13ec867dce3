import type { Advice, Diagnosis, Recommendation } from '@aetherius/shared/contracts';
import { isOverview } from '../diagnosis/diagnose.ts';
import type { Facts } from '../diagnosis/facts.ts';
import { recommend } from '../recommendations/recommend.ts';
import type { Remedy } from '../recommendations/remedy.ts';
import type { RunbookIndex } from '../runbooks/find-runbooks.ts';
import { commandOf } from './command-of.ts';

/** What is known beside the evidence where no service runs: the catalogue and the runbooks, but no ends of the past. */
export type Shelf = { remedies: readonly Remedy[]; runbooks: RunbookIndex };

type WithCommand<T> = T & { command: string | null };

/** A Diagnosis whose remedies say how a person does them by hand. */
export type Advised = Omit<Diagnosis, 'recommendations' | 'advice'> & {
  recommendations: WithCommand<Recommendation>[];
  advice: WithCommand<Advice>[];
};

const RUNBOOKS = 2;
const nothingYet = new Map();

/** A finding with what to do about it and the runbooks that speak of it; an abstention gets runbooks alone. */
export function advised(finding: Diagnosis, facts: Facts, { remedies, runbooks }: Shelf): Advised {
  // The catalogue reads changes and parameters of what is broken, not of the namespace that was asked about.
  const { subject } = finding;
  const about = { ...facts.bundle, subject };
  const { recommendations, advice } = recommend({
    diagnosis: finding,
    bundle: about,
    // Owners are found by the subject's name only where that is a workload; to read all anew for each of many findings takes minutes.
    ...(isOverview(facts.subject) ? { facts: { ...facts, subject, bundle: about } } : {}),
    outcomes: nothingYet,
    catalogue: remedies,
  });
  return {
    ...finding,
    runbooks: runbooks.forDiagnosis(finding, RUNBOOKS),
    recommendations: recommendations.map((one) => ({ ...one, command: commandOf(one) })),
    advice: advice.map((one) => ({ ...one, command: one.look === null ? null : commandOf(one.look) })),
  };
}
