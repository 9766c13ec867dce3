import type { EvidenceRead, Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { inFull } from './graph/object-key.ts';
import { logReadOf, readOf } from './missing/evidence-read.ts';
import { firing, podIn, subjectIn } from './rules/performance.ts';

/** What the first alert that names anything is about, where a bundle is about no object of its own. */
export function alertedSubject(facts: Facts): Subject {
  if (facts.subject.kind !== 'Cluster' && facts.subject.kind !== 'Namespace') return facts.subject;
  const named = firing(facts).map(({ labels }) => subjectIn(facts, labels));
  return named.find(({ kind }) => kind !== facts.subject.kind) ?? facts.subject;
}

/** How an object fares that an alert names and the bundle lacks, and what the cluster says of it. */
const ofNamed = (facts: Facts, object: Subject): EvidenceRead[] =>
  object.kind === facts.subject.kind || facts.graph.find(object) !== undefined
    ? []
    : [
        ...readOf(object, { action: 'describe', what: `how ${inFull(object)} fares` }),
        ...readOf(object, { action: 'events', what: `what the cluster says of ${inFull(object)}` }),
      ];

/** What would say more about what alerts name and the bundle lacks: how each fares, and the log of the run that ended. */
export const alertedReads = (facts: Facts): EvidenceRead[] =>
  firing(facts).flatMap(({ name: alert, labels }) => {
    const { container, namespace = facts.subject.namespace } = labels;
    const name = podIn(labels);
    if (name === undefined) return ofNamed(facts, subjectIn(facts, labels));
    const pod = { kind: 'Pod', namespace, name };
    if (facts.graph.find(pod) !== undefined) return [];
    const previous = /CrashLoop|Restart/i.test(alert);
    const what = `what container ${container} of ${inFull(pod)} said${previous ? ' before it ended' : ''}`;
    return [
      ...(container === undefined ? [] : logReadOf(pod, { container, previous, what })),
      ...readOf(pod, { action: 'describe', what: `how ${inFull(pod)} fares` }),
    ];
  });
