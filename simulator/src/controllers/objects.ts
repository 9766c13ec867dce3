import type { KubeObject, NewObject, ObjectStore } from '../store/object-store.ts';
import type { Kinds, Metadata } from './types.ts';

type WriteOptions = { subresource?: 'status' };

/** What a controller hands in to be created. */
export type Draft<K extends keyof Kinds> = Omit<Kinds[K], 'metadata'> & { metadata: Metadata };

/** The object store seen through the types of the kinds that the controllers handle. */
export type Objects = {
  get<K extends keyof Kinds>(kind: K, namespace: string | undefined, name: string): Kinds[K] | undefined;
  list<K extends keyof Kinds>(kind: K, namespace?: string): Kinds[K][];
  create<K extends keyof Kinds>(object: Draft<K> & { kind: K }): Kinds[K];
  /** Changes an object in place; nothing happens when it is gone, or when another of the same name has taken its place. */
  mutate<K extends keyof Kinds>(
    object: Kinds[K] & { kind: K },
    change: (draft: Kinds[K]) => void,
    options?: WriteOptions,
  ): void;
  setStatus<K extends keyof Kinds>(
    object: Kinds[K] & { kind: K },
    status: Kinds[K] extends { status?: infer S } ? S : never,
  ): void;
  /** Ends an object at once, or marks it when a grace period is given; one that is gone already is no failure. */
  remove(object: { kind: string; metadata: Metadata }, graceSeconds?: number): void;
};

/** Narrows the store's free JSON once, here, so that no controller needs a cast. */
export function createObjects(store: ObjectStore): Objects {
  const current = (object: { kind: string; metadata: Metadata }): KubeObject | undefined => {
    const found = store.get(object.kind, object.metadata.namespace, object.metadata.name);
    return found !== undefined && found.metadata.uid === object.metadata.uid ? found : undefined;
  };
  const write = (
    object: { kind: string; metadata: Metadata },
    change: (draft: KubeObject) => void,
    options?: WriteOptions,
  ): void => {
    if (current(object) === undefined) return;
    store.mutate(object.kind, object.metadata.namespace, object.metadata.name, change, options);
  };
  return Object.freeze({
    get: ((kind, namespace, name) => store.get(kind, namespace, name)) as Objects['get'],
    list: ((kind, namespace) => store.list(kind, namespace)) as Objects['list'],
    create: ((object: NewObject) => store.create(object)) as unknown as Objects['create'],
    mutate: write as unknown as Objects['mutate'],
    setStatus: ((object: KubeObject, status: KubeObject['status'] & object) =>
      write(
        object,
        (draft) => {
          draft.status = status;
        },
        { subresource: 'status' },
      )) as unknown as Objects['setStatus'],
    remove(object, graceSeconds = 0): void {
      if (current(object) === undefined) return;
      store.remove(object.kind, object.metadata.namespace, object.metadata.name, { graceSeconds });
    },
  });
}
