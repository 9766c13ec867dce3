import type { Draft } from '../objects.ts';
import { ownedBy } from '../references.ts';
import { templateHash } from '../template-hash.ts';
import type { Deployment, StringMap } from '../types.ts';

/** The replica set for the deployment's present template, named and labelled by the template's hash. */
export function draftReplicaSet(
  deployment: Deployment,
  { replicas, annotations }: { replicas: number; annotations: StringMap },
): Draft<'ReplicaSet'> {
  const { metadata, spec, status } = deployment;
  const hash = templateHash(spec.template, status?.collisionCount);
  const labels = { ...spec.template.metadata?.labels, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? 'default',
      labels,
      annotations,
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, 'pod-template-hash': hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}
