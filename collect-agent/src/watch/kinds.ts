import type { Json } from '@aetherius/shared/contracts';
import type { HeldKind, HeldObject, KubeEvent } from '../kube/objects.ts';
import { trimEvent, trimObject } from './trim.ts';

/** One watch: where its objects are, how one of them is read, and whether a copy is kept or it only passes through. */
export type WatchedKind<T extends { metadata: { name: string } } = HeldObject> = {
  name: string;
  path: string;
  kept: boolean;
  read: (raw: Json) => T | undefined;
};

const held = (kind: HeldKind, apiVersion: string, plural: string): WatchedKind => ({
  name: plural,
  path: `${apiVersion === 'v1' ? '/api' : '/apis'}/${apiVersion}/${plural}`,
  kept: true,
  read: (raw) => trimObject(kind, apiVersion, raw),
});

/** Events pass through: only the latest few of each object are kept as evidence. */
export const watchedEvents: WatchedKind<KubeEvent> = {
  name: 'events',
  path: '/api/v1/events',
  kept: false,
  read: trimEvent,
};

/** Owners come first, so that the first pods already find theirs. */
export const watchedKinds: readonly WatchedKind[] = [
  held('Deployment', 'apps/v1', 'deployments'),
  held('ReplicaSet', 'apps/v1', 'replicasets'),
  held('StatefulSet', 'apps/v1', 'statefulsets'),
  held('DaemonSet', 'apps/v1', 'daemonsets'),
  held('Job', 'batch/v1', 'jobs'),
  held('Node', 'v1', 'nodes'),
  held('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims'),
  held('Service', 'v1', 'services'),
  held('EndpointSlice', 'discovery.k8s.io/v1', 'endpointslices'),
  held('Pod', 'v1', 'pods'),
];

const inNoNamespace = ['nodes'];

/** These watches in some namespaces alone, one for each kind and namespace, and none of what belongs to no namespace; as they are where none is named. */
export const inNamespaces = <T extends { metadata: { name: string } }>(
  kinds: readonly WatchedKind<T>[],
  namespaces: readonly string[],
): readonly WatchedKind<T>[] =>
  namespaces.length === 0
    ? kinds
    : kinds
        .filter(({ name }) => !inNoNamespace.includes(name))
        .flatMap((kind) =>
          namespaces.map((namespace) => ({
            ...kind,
            name: `${kind.name}/${namespace}`,
            path: kind.path.replace(/\/([^/]+)$/, `/namespaces/${namespace}/$1`),
          })),
        );
