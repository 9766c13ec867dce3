import type { Draft } from './objects.ts';
import { ownedBy } from './references.ts';
import type { Metadata, PodTemplate, Toleration } from './types.ts';

const bearable = (name: string): Toleration => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
});

/** A pod of a controller's template, before the API server has looked at it. */
export function draftPod(
  owner: { apiVersion: string; kind: string; metadata: Metadata },
  { metadata, spec }: PodTemplate,
  named: { name: string; generateName?: string; labels?: Record<string, string> },
): Draft<'Pod'> {
  const { name, generateName, labels } = named;
  const tolerations = spec.tolerations ?? [];
  const added = ['not-ready', 'unreachable']
    .map(bearable)
    .filter(({ key }) => !tolerations.some((present) => present.key === key || present.key === undefined));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(generateName === undefined ? {} : { generateName }),
      namespace: owner.metadata.namespace ?? 'default',
      labels: { ...metadata?.labels, ...labels },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [ownedBy(owner)],
    },
    spec: { ...spec, tolerations: [...tolerations, ...added] },
  };
}
