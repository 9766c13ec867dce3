import { type Diagnosis, fingerprintOf, type Json, type JsonObject, type Subject } from '@aetherius/shared/contracts';
import type { Fetched } from '../evidence/fetched.ts';
import type { Variables } from './expression.ts';
import type { Entry, Journal } from './journal.ts';
import type { Incident, RunRow } from './run.ts';

/** What the outside world looks like at the moment of an advance. */
export type Facts = {
  now: string;
  kill_switch: boolean;
  /** Writes within the last hour on each target of the run's cluster. */
  writes: Readonly<Record<string, number>>;
  /** Targets that another active run has begun to change. */
  busy: readonly string[];
  /** The same strategy changed this target less than its cooldown ago, in another run. */
  cooling_down: boolean;
  protected_namespaces: readonly string[];
  /** Objects that the evidence of this run speaks of. */
  known: readonly Subject[];
  bundle_hash: string | null;
};

export type StepView = { status: string; reason: string | null; output: JsonObject };

/** Everything that a step may look at. */
export type Scope = {
  run: RunRow;
  path: string;
  facts: Facts;
  steps: Readonly<Record<string, StepView>>;
  diagnosis: Diagnosis | null;
  /** What this run has read since its first evidence, whether it came or not. */
  fetched: readonly Fetched[];
  item: Json | undefined;
};

const commonDepth = (a: string[], b: string[]): number => {
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs === -1 ? a.length : differs;
};

/** Made once: it costs more than what it compares. */
const byNumber = new Intl.Collator('en', { numeric: true });

/**
 * Finished steps by their id. Where two have the same id (a loop's rounds, two workflows put in place) the nearest to
 * `path` counts, then the later round: decided by paths alone, so any order of completion shows the same.
 */
export function stepsSeenFrom(path: string, journal: Journal): Record<string, StepView> {
  const here = path.split('/');
  const closed = [...journal.values()].filter((entry) => entry.status !== 'started' && !entry.path.endsWith('?'));
  const ranked = closed
    .map((entry) => ({ entry, parts: entry.path.split('/') }))
    .map((one) => ({ ...one, near: commonDepth(one.parts, here) }))
    .sort((a, b) => a.near - b.near || byNumber.compare(a.entry.path, b.entry.path));
  return Object.fromEntries(ranked.map(({ entry, parts }) => [parts.at(-1) ?? entry.path, viewOf(entry)]));
}

const viewOf = (entry: Entry): StepView => ({ status: entry.status, reason: entry.reason, output: entry.output ?? {} });

/** The last answer of reasoning in this run, if there is one. */
export function diagnosisOf(journal: Journal): Diagnosis | null {
  const last = [...journal.values()].findLast((entry) => entry.kind === 'ai_analysis' && entry.status === 'done');
  return (last?.output?.['diagnosis'] ?? null) as Diagnosis | null;
}

/** The reads of missing evidence that this run has behind it. */
export const fetchedIn = (journal: Journal): Fetched[] =>
  [...journal.values()]
    .filter((entry) => entry.kind === 'fetch' && entry.status === 'done')
    .map((entry) => entry.output as unknown as Fetched);

/** The variables of an expression. */
export const variablesOf = (scope: Scope): Variables => ({
  incident: scope.run.incident,
  diagnosis: scope.diagnosis,
  // Most expressions ask for something else.
  get steps() {
    return scope.steps;
  },
  run: identityOf(scope.run),
  strategy: scope.run.strategy,
  item: scope.item ?? null,
});

const identityOf = ({ id, definition, version, requester }: RunRow) => ({ id, definition, version, requester });

/** How budgets, locks and the audit name an object. */
export const targetKey = (incident: Incident, subject: Subject): string => fingerprintOf(incident.cluster_id, subject);
