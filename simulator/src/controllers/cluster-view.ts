import type { Change, KubeObject, ObjectStore } from '../store/object-store.ts';
import type { AnyObject, Pod } from './types.ts';

/** Where an object is to be found in the cluster. */
type ObjectKey = string;

/** The key of an object: `Kind/namespace/name`. */
export const keyOf = ({
  kind,
  metadata,
}: {
  kind: string;
  metadata: { namespace?: string; name: string };
}): ObjectKey => [kind, metadata.namespace ?? '', metadata.name].join('/');

/** Takes a key apart. */
export function splitKey(key: ObjectKey): { kind: string; namespace: string | undefined; name: string } {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  return { kind, namespace: namespace === '' ? undefined : namespace, name };
}

/** Questions about many objects that must not cost a walk through the whole store. */
export type ClusterView = {
  dependents(ownerUid: string): AnyObject[];
  podsOf(ownerUid: string): Pod[];
  podsOn(nodeName: string): Pod[];
  stop(): void;
};

type Index = Map<string, Map<ObjectKey, AnyObject>>;

function addTo(index: Index, group: string | undefined, object: AnyObject): void {
  if (group === undefined) return;
  const members = index.get(group) ?? new Map<ObjectKey, AnyObject>();
  members.set(keyOf(object), object);
  index.set(group, members);
}

function dropFrom(index: Index, group: string | undefined, object: AnyObject): void {
  if (group === undefined) return;
  const members = index.get(group);
  members?.delete(keyOf(object));
  if (members?.size === 0) index.delete(group);
}

const ownersOf = (object: AnyObject): string[] => (object.metadata.ownerReferences ?? []).map(({ uid }) => uid);
const nodeOf = (object: AnyObject): string | undefined => (object.kind === 'Pod' ? object.spec.nodeName : undefined);

/** Indexes of dependents by owner and of pods by node, kept up to date from the store's changes. */
export function createClusterView(store: ObjectStore): ClusterView {
  const byOwner: Index = new Map();
  const byNode: Index = new Map();

  function add(object: AnyObject): void {
    for (const owner of ownersOf(object)) addTo(byOwner, owner, object);
    addTo(byNode, nodeOf(object), object);
  }

  function drop(object: AnyObject): void {
    for (const owner of ownersOf(object)) dropFrom(byOwner, owner, object);
    dropFrom(byNode, nodeOf(object), object);
  }

  const typed = (object: KubeObject): AnyObject => object as unknown as AnyObject;
  const stop = store.subscribe(({ type, object, previous }: Change) => {
    if (previous !== undefined) drop(typed(previous));
    if (type !== 'DELETED') add(typed(object));
  });

  const dependents = (uid: string): AnyObject[] => [...(byOwner.get(uid)?.values() ?? [])];
  const podsIn = (objects: AnyObject[]): Pod[] => objects.filter((object) => object.kind === 'Pod');
  return Object.freeze({
    dependents,
    podsOf: (uid: string) => podsIn(dependents(uid)),
    podsOn: (nodeName: string) => podsIn([...(byNode.get(nodeName)?.values() ?? [])]),
    stop,
  });
}
