import type { BundleObject, Diagnosis, JsonObject, Subject } from '@aetherius/shared/contracts';
import { type Container, type Facts, readFacts } from '../diagnosis/facts.ts';
import { isSame, keyOf, subjectOf } from '../diagnosis/graph/object-key.ts';
import { podShapeOf } from '../diagnosis/graph/pod-spec.ts';

/** What the functions named in the catalogue may look at: the answer and the evidence behind it. */
export type Scope = { diagnosis: Diagnosis; facts: Facts };

export const scopeOf = (diagnosis: Diagnosis, bundle: Facts['bundle'], facts = readFacts(bundle)): Scope => ({
  diagnosis,
  facts,
});

/** Metrics that say how much memory a container has in use. */
export const MEMORY_IN_USE = /^(container_memory_working_set_bytes|memory_usage_bytes)$/;

/** The subject's own object, when the bundle has it. */
export const subjectObject = ({ diagnosis, facts }: Scope): BundleObject | undefined =>
  facts.graph.find(diagnosis.subject);

/** Containers of the pods that the broken thing answers for; those of a pod that is itself broken too. */
export const ownContainers = ({ diagnosis: { subject }, facts }: Scope): Container[] => {
  const pods = new Map([subject, ...facts.podsUnder(subject)].map((pod) => [keyOf(pod), pod]));
  return [...pods.values()].flatMap((pod) => facts.containersOf(pod));
};

/** The container that the diagnosis is about: first one that was killed, then one that waits, then one that is not ready. */
export function failingContainer(scope: Scope): Container | undefined {
  const own = ownContainers(scope);
  return (
    own.find(({ ended }) => ended.length > 0) ??
    own.find(({ waiting }) => waiting !== undefined) ??
    own.find(({ isReady }) => !isReady)
  );
}

/** The spec of the first container that a workload makes, from its template where there are no pods yet. */
export function templateContainer(object: BundleObject | undefined): JsonObject | undefined {
  const [first] =
    ((object === undefined ? undefined : podShapeOf(object)?.spec['containers']) as JsonObject[] | undefined) ?? [];
  return first;
}

/** Points of a metric for the containers of the subject's pods, oldest first. */
export function pointsOf(scope: Scope, metric: RegExp): number[] {
  const pods = new Set(ownContainers(scope).map(({ pod }) => pod.name));
  return scope.facts.bundle.metrics
    .filter(({ name, labels }) => metric.test(name) && pods.has(labels['pod'] ?? ''))
    .flatMap(({ points }) => points.map(([, value]) => value));
}

/** The workload that a pod-making subject stands for: itself, or what stands behind a Service or scaler. */
export function workloadBehind({ facts }: Scope, about: Subject): BundleObject | undefined {
  const scaled = facts.graph.out(about, 'scales')[0]?.to;
  return facts.graph.find(scaled ?? about);
}

/** The volumes that the claims of the subject and of its pods are bound to. */
export function volumesOf({ facts, diagnosis: { subject } }: Scope): BundleObject[] {
  const claims = facts.bundle.objects
    .filter((one) => isSame(one, subject) || isSame(facts.top(subjectOf(one)), subject))
    .flatMap((one) => facts.graph.out(subjectOf(one), 'claims').map(({ to }) => to));
  const bound = claims.flatMap((claim) => facts.graph.out(claim, 'binds').map(({ to }) => keyOf(to)));
  return facts.graph.at([...new Set(bound)]);
}

/** What there is too little of, processor or memory, where a scheduler or a quota says so. */
export const shortOf = ({ diagnosis }: Scope): Set<string> =>
  new Set(
    diagnosis.evidence.flatMap(({ quote }) =>
      [...quote.matchAll(/Insufficient (cpu|memory)|(?:requests\.|requested: )(cpu|memory)=/g)].map(
        ([, ofNodes, ofQuota]) => ofNodes ?? ofQuota ?? '',
      ),
    ),
  );
