import type { BundleEvent, Diagnosis, Severity, Subject } from '@aetherius/shared/contracts';
import { withPeers } from './comparison/peers.ts';
import { withRevisionBefore } from './comparison/revision.ts';
import { createProof, type Evidence } from './evidence.ts';
import { type Facts, readFacts } from './facts.ts';
import { keyOf } from './graph/object-key.ts';
import type { Hypothesis } from './hypothesis.ts';
import { missingEvidence } from './missing/missing-evidence.ts';

/** What is told of something broken when no rule knows why. */
const CONFIDENCE = 0.3;

/** The facts with all events of each object, also those that say nothing now. */
export type WithEvents = Facts & { eventsAbout: ReadonlyMap<string, BundleEvent[]> };

/** The facts of these objects alone, so that what is missing is what is missing about them. */
function narrowed(
  { bundle, graph, health, eventsAbout }: Pick<WithEvents, 'bundle' | 'graph' | 'health' | 'eventsAbout'>,
  subject: Subject,
  group: readonly Subject[],
): Facts {
  const own = new Set([subject, ...group].map(keyOf));
  const facts = readFacts({
    ...bundle,
    subject,
    objects: graph.at(own),
    events: [...own].flatMap((key) => eventsAbout.get(key) ?? []),
    logs: bundle.logs.filter(({ namespace, pod }) => own.has(keyOf({ kind: 'Pod', namespace, name: pod }))),
    cut: [],
  });
  // How an object fares may be told by others beside it.
  return { ...facts, health };
}

/** Where no rule knows the cause, what sets the fault apart is the best lead there is. */
function comparedWith(facts: Facts, subject: Subject): Diagnosis['comparisons'] {
  const prove = createProof(facts.bundle);
  const peers = withPeers(facts, { subject, category: 'unknown', cause: { subject } });
  return [peers, withRevisionBefore(facts, subject)]
    .filter((one) => one !== undefined)
    .map((one) => ({ ...one, evidence: prove(one.evidence) }));
}

/** What an abstention is about: what shows it, and the causes that are too weak to be told. */
type Open = {
  subject: Subject;
  severity: Severity;
  description: string;
  evidence: readonly Evidence[];
  doubtful: readonly Hypothesis[];
  /** What it shows on beside the subject. */
  on: readonly Subject[];
};

/** An `unknown` finding beside others: what is missing is what is missing about its own objects. */
export const undecided = (
  facts: WithEvents,
  { subject, severity, description, evidence, doubtful, on }: Open,
): Diagnosis => ({
  category: 'unknown',
  severity,
  subject,
  root_cause: { subject, description },
  confidence: Math.max(CONFIDENCE, ...doubtful.map(({ weight }) => Math.round(weight * 100) / 100)),
  evidence: createProof(facts.bundle)(evidence).slice(0, 5),
  comparisons: comparedWith(facts, subject),
  rejected: doubtful.map(({ category, weight, against = [] }) => ({
    category,
    reason: [`confidence ${Math.round(weight * 100) / 100} is too low to act on`, ...against].join('; '),
  })),
  recommendations: [],
  advice: [],
  similar_cases: [],
  runbooks: [],
  ...missingEvidence(narrowed(facts, subject, on)),
  status: 'abstained',
});
