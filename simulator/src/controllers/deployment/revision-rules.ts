import { canonical } from '../template-hash.ts';
import type { Deployment, ReplicaSet, StringMap } from '../types.ts';

/** The annotation that numbers the roll-outs of a deployment. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The revision of a replica set, zero when it has none. */
export const revisionOf = ({ metadata }: ReplicaSet): number => Number(metadata.annotations?.[revisionAnnotation] ?? 0);

const creationOf = ({ metadata }: ReplicaSet): string => metadata.creationTimestamp ?? '';

/** Replica sets from the oldest to the newest. */
export const oldestFirst = (sets: readonly ReplicaSet[]): ReplicaSet[] =>
  [...sets].sort(
    (left, right) => creationOf(left).localeCompare(creationOf(right)) || revisionOf(left) - revisionOf(right),
  );

/** The replica set made of the deployment's present template: rolled back to, it is used again. */
export const setOfTemplate = (sets: readonly ReplicaSet[], { spec }: Deployment): ReplicaSet | undefined =>
  oldestFirst(sets).find((set) => canonical(set.spec.template) === canonical(spec.template));

/** The annotations of the deployment's new replica set: the deployment's own, and the revision with its history. */
export function annotationsOfNewSet(
  deployment: Deployment,
  present: StringMap,
  { revision, maxReplicas }: { revision: number; maxReplicas: number },
): StringMap {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !notCopied.has(name));
  const before = present[revisionAnnotation];
  const advances = Number(before ?? 0) < revision;
  const history = [present[historyAnnotation], before].filter((entry) => entry !== undefined && entry !== '');
  return {
    ...present,
    ...Object.fromEntries(copied),
    ...(advances ? { [revisionAnnotation]: String(revision) } : {}),
    ...(advances && history.length > 0 ? { [historyAnnotation]: history.join(',') } : {}),
    ...sizeAnnotations(deployment.spec.replicas ?? 1, maxReplicas),
  };
}

/** What a replica set says about the size of its deployment. */
export const sizeAnnotations = (replicas: number, maxReplicas: number): StringMap => ({
  [desiredAnnotation]: String(replicas),
  [maxAnnotation]: String(maxReplicas),
});

/** Old replica sets beyond the history limit: only empty ones, the oldest first. */
export function setsToForget(old: readonly ReplicaSet[], limit = 10): ReplicaSet[] {
  const surplus = old.length - limit;
  if (surplus <= 0) return [];
  return [...old]
    .sort((left, right) => revisionOf(left) - revisionOf(right))
    .slice(0, surplus)
    .filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0);
}
