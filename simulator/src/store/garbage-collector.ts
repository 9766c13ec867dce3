import { kinds } from './kinds.ts';
import type { Change, KubeObject } from './kube-object.ts';
import type { ObjectStore } from './object-store.ts';

/** What becomes of the objects that an object owns when it goes. */
export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** Holds an owner in place until all it owns is gone. */
const foregroundFinalizer = 'foregroundDeletion';

/** Removes what lost its owner, the way `remove` does it; the index by owner keeps a removal independent of the cluster's size. */
export function createGarbageCollector({
  store,
  remove,
}: {
  store: ObjectStore;
  remove: (object: KubeObject) => void;
}) {
  const dependents = new Map<string, Map<string, KubeObject>>();

  function index({ type, object, previous }: Change): void {
    for (const owner of previous?.metadata.ownerReferences ?? []) {
      const owned = dependents.get(owner.uid);
      owned?.delete(object.metadata.uid);
      if (owned?.size === 0) dependents.delete(owner.uid);
    }
    if (type === 'DELETED') return;
    for (const owner of object.metadata.ownerReferences ?? []) {
      const owned = dependents.get(owner.uid) ?? new Map<string, KubeObject>();
      dependents.set(owner.uid, owned.set(object.metadata.uid, object));
    }
  }

  const ownedBy = (uid: string): KubeObject[] => [...(dependents.get(uid)?.values() ?? [])];

  function releaseOwners(object: KubeObject): void {
    for (const { kind, name, uid } of object.metadata.ownerReferences ?? []) {
      if (dependents.has(uid)) continue;
      const owner = store.get(kind, object.metadata.namespace, name) ?? store.get(kind, undefined, name);
      if (owner?.metadata.uid === uid) dropFinalizer(store, owner);
    }
  }

  /** An object with another living owner only loses the reference. */
  function release(dependent: KubeObject, uid: string): void {
    const others = (dependent.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
    const { namespace } = dependent.metadata;
    const alive = others.some(({ kind, name }) => store.get(kind, namespace, name) ?? store.get(kind, undefined, name));
    if (alive) forgetOwner(store, dependent, uid);
    else remove(dependent);
  }

  function collect(change: Change): void {
    index(change);
    if (change.type !== 'DELETED') return;
    for (const dependent of ownedBy(change.object.metadata.uid)) release(dependent, change.object.metadata.uid);
    releaseOwners(change.object);
  }

  for (const { kind } of kinds) for (const object of store.list(kind)) index({ type: 'ADDED', object });
  const stop = store.subscribe(collect);

  return Object.freeze({
    stop,
    /** Prepares an owner's removal, before it is removed itself. */
    prepare(owner: KubeObject, propagation: Propagation): void {
      const { uid, name, namespace } = owner.metadata;
      if (propagation === 'Background' || !dependents.has(uid)) return;
      const owned = ownedBy(uid);
      if (propagation === 'Orphan') {
        for (const dependent of owned) forgetOwner(store, dependent, uid);
        return;
      }
      store.mutate(owner.kind, namespace, name, ({ metadata }) => {
        metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), foregroundFinalizer])];
      });
    },
    /** Starts the removal of what a foreground deletion waits for. */
    cascade(owner: KubeObject): void {
      for (const dependent of ownedBy(owner.metadata.uid)) remove(dependent);
    },
  });
}

/** The part of the API server that removes orphans. */
export type GarbageCollector = ReturnType<typeof createGarbageCollector>;

function dropFinalizer(store: ObjectStore, { kind, metadata }: KubeObject): void {
  if (!(metadata.finalizers ?? []).includes(foregroundFinalizer)) return;
  store.mutate(kind, metadata.namespace, metadata.name, (draft) => {
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((name) => name !== foregroundFinalizer);
  });
}

function forgetOwner(store: ObjectStore, { kind, metadata }: KubeObject, uid: string): void {
  store.mutate(kind, metadata.namespace, metadata.name, (draft) => {
    draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  });
}
