import type { KubeObject, PodTemplate } from '../kube-object.ts';

export type ReplicaSet = KubeObject & {
  spec: { replicas?: number; template: PodTemplate };
  status?: { replicas?: number; readyReplicas?: number };
};
type Choice = {
  deployment: KubeObject;
  replicaSets: readonly ReplicaSet[];
  toRevision?: number | undefined;
  /** How long a revision was seen with all its pods ready, in milliseconds; undefined when it never was. */
  readyFor: (replicaSetUid: string) => number | undefined;
};

/** Pods that crash on start are ready for a moment, too. */
const SETTLED_MS = 5_000;

const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

/** The number of a rollout; 0 when the Deployment controller has not counted it yet. */
export const revisionOf = (object: KubeObject): number =>
  Number(object.metadata.annotations?.[REVISION_ANNOTATION] ?? 0) || 0;

/** The ReplicaSets of a Deployment, newest revision first. */
export const revisionsOf = (deployment: KubeObject, replicaSets: readonly ReplicaSet[]): ReplicaSet[] =>
  replicaSets
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid) ?? false)
    .filter((replicaSet) => revisionOf(replicaSet) > 0)
    .sort((a, b) => revisionOf(b) - revisionOf(a));

/**
 * The revision to go back to: the one that was asked for, else the newest older one that has ready pods at this moment,
 * else the newest that was healthy for a while. One that was never seen so is no repair, so there may be none.
 */
export function pickRevision({ deployment, replicaSets, toRevision, readyFor }: Choice): ReplicaSet | undefined {
  const older = revisionsOf(deployment, replicaSets).filter(
    (replicaSet) => revisionOf(replicaSet) < revisionOf(deployment),
  );
  if (toRevision !== undefined) return older.find((replicaSet) => revisionOf(replicaSet) === toRevision);
  return (
    older.find(({ status }) => (status?.readyReplicas ?? 0) > 0) ??
    older.find(({ metadata }) => (readyFor(metadata.uid) ?? 0) >= SETTLED_MS)
  );
}
