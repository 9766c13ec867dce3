import type { KubeObject, PodTemplate } from '../kube-object.ts';

export type ReplicaSet = KubeObject & {
  spec: { replicas?: number; template: PodTemplate };
  status?: { replicas?: number; readyReplicas?: number };
};
type Choice = {
  deployment: KubeObject;
  replicaSets: readonly ReplicaSet[];
  toRevision?: number | undefined;
  seenHealthy: (replicaSetUid: string) => boolean;
};

export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

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
 * else the newest older one that was seen healthy. One that was never seen healthy is not a repair, so there may be none.
 */
export function pickRevision({ deployment, replicaSets, toRevision, seenHealthy }: Choice): ReplicaSet | undefined {
  const older = revisionsOf(deployment, replicaSets).filter(
    (replicaSet) => revisionOf(replicaSet) < revisionOf(deployment),
  );
  if (toRevision !== undefined) return older.find((replicaSet) => revisionOf(replicaSet) === toRevision);
  return (
    older.find(({ status }) => (status?.readyReplicas ?? 0) > 0) ??
    older.find(({ metadata }) => seenHealthy(metadata.uid))
  );
}
