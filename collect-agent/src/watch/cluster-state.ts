import type { Subject } from '@aetherius/shared/contracts';
import type { HeldKind, HeldObject, ObjectOf, OwnerReference, Pod } from '../kube/objects.ts';

/** What is known of a cluster, by name, by node and by owner. */
export type ClusterState = {
  put: (object: HeldObject) => void;
  remove: (object: HeldObject) => void;
  find: <Kind extends HeldKind>(
    kind: Kind,
    namespace: string | null | undefined,
    name: string,
  ) => ObjectOf<Kind> | undefined;
  inNamespace: <Kind extends HeldKind>(kind: Kind, namespace: string) => ObjectOf<Kind>[];
  all: <Kind extends HeldKind>(kind: Kind) => ObjectOf<Kind>[];
  podsOnNode: (node: string) => Pod[];
  ownedBy: (uid: string) => HeldObject[];
  owner: (object: HeldObject) => HeldObject | undefined;
};

/** The part of the view that rules may ask. */
export type Facts = Omit<ClusterState, 'put' | 'remove'>;

/** The reference to the one owner that controls an object. */
export const controllerOf = ({ metadata }: HeldObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find((owner) => owner.controller === true);

/** An object, as people name it. */
export const subjectOf = ({ kind, metadata }: Pick<HeldObject, 'kind' | 'metadata'>): Subject => ({
  kind,
  namespace: metadata.namespace ?? null,
  name: metadata.name,
});

type Group = Map<string, HeldObject>;

/** An empty view. Objects are kept once and shared with the informer's copy. */
export function createClusterState(): ClusterState {
  const byKind = new Map<HeldKind, Map<string, Group>>();
  const byOwner = new Map<string, Group>();
  const byNode = new Map<string, Group>();

  const group = (kind: HeldKind, namespace: string) => byKind.get(kind)?.get(namespace);
  const find = <Kind extends HeldKind>(kind: Kind, namespace: string | null | undefined, name: string) =>
    group(kind, namespace ?? '')?.get(name) as ObjectOf<Kind> | undefined;

  const unlink = (object: HeldObject) => {
    drop(byOwner, controllerOf(object)?.uid, object.metadata.uid);
    if (object.kind === 'Pod') drop(byNode, object.spec.nodeName, object.metadata.uid);
  };
  const remove = (object: HeldObject) => {
    const { namespace = '', name } = object.metadata;
    const held = group(object.kind, namespace)?.get(name);
    if (held === undefined) return;
    group(object.kind, namespace)?.delete(name);
    unlink(held);
  };
  const put = (object: HeldObject) => {
    const { namespace = '', name, uid } = object.metadata;
    remove(object);
    const namespaces = byKind.get(object.kind) ?? new Map<string, Group>();
    byKind.set(object.kind, namespaces);
    add(namespaces, namespace, name, object);
    add(byOwner, controllerOf(object)?.uid, uid, object);
    if (object.kind === 'Pod') add(byNode, object.spec.nodeName, uid, object);
  };
  const owner = (object: HeldObject) => {
    const reference = controllerOf(object);
    if (reference === undefined) return undefined;
    const found = find(reference.kind as HeldKind, object.metadata.namespace, reference.name);
    return found?.metadata.uid === reference.uid ? found : undefined;
  };

  return {
    put,
    remove,
    find,
    owner,
    inNamespace: (kind, namespace) => values(group(kind, namespace)) as ObjectOf<typeof kind>[],
    all: (kind) => [...(byKind.get(kind)?.values() ?? [])].flatMap(values) as ObjectOf<typeof kind>[],
    podsOnNode: (node) => values(byNode.get(node)) as Pod[],
    ownedBy: (uid) => values(byOwner.get(uid)),
  };
}

const values = (group: Group | undefined): HeldObject[] => [...(group?.values() ?? [])];

function add(groups: Map<string, Group>, key: string | undefined, inner: string, object: HeldObject): void {
  if (key === undefined) return;
  const group = groups.get(key) ?? new Map<string, HeldObject>();
  groups.set(key, group);
  group.set(inner, object);
}

/** An idle group is forgotten, or short-lived owners would pile up. */
function drop(groups: Map<string, Group>, key: string | undefined, inner: string): void {
  if (key === undefined) return;
  const group = groups.get(key);
  group?.delete(inner);
  if (group?.size === 0) groups.delete(key);
}
