import { alreadyExists } from './api-error.ts';
import { createChangeFeed } from './change-feed.ts';
import { copyJson, deepFreeze } from './json.ts';
import type { Change, KubeObject, NewObject } from './kube-object.ts';
import {
  checkPreconditions,
  missing,
  nameSuffix,
  newObject,
  nextObject,
  type Preconditions,
  sameObject,
  servedKind,
  wireTime,
} from './object-rules.ts';

import { createObjectTable, type ObjectTable } from './object-table.ts';

export type { Change, KubeObject, NewObject } from './kube-object.ts';

/** A dry run answers what would be stored and stores nothing. */
type DryRun = { dryRun?: boolean };

/** Where a write goes: the object itself, or its status alone. */
type WriteOptions = DryRun & { subresource?: 'status' };

/** What a removal demands; a grace period marks the object first and leaves its end to the kubelet. */
type RemoveOptions = DryRun & Preconditions & { graceSeconds?: number };

/** The cluster's state: objects by kind, versioned by one counter. Objects handed out are frozen; `mutate` gives a copy to change. */
export type ObjectStore = {
  get(kind: string, namespace: string | undefined, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): KubeObject[];
  create(object: NewObject, options?: DryRun): KubeObject;
  update(object: KubeObject, options?: WriteOptions): KubeObject;
  mutate(
    kind: string,
    namespace: string | undefined,
    name: string,
    change: (draft: KubeObject) => void,
    options?: WriteOptions,
  ): KubeObject | undefined;
  remove(kind: string, namespace: string | undefined, name: string, options?: RemoveOptions): KubeObject;
  /** The listener runs inside the write, after the commit; several writes of one listener arrive in order. */
  subscribe(listener: (change: Change) => void): () => void;
  resourceVersion(): string;
  historySince(resourceVersion: string, kind: string): Change[] | 'gone';
  /** Forgets all past changes, as a compaction of etcd does. */
  compact(): void;
};

const historyCapacity = 20_000;

/** An empty cluster. */
export function createObjectStore(deps: { clock: { now(): Date }; newId: () => string }): ObjectStore {
  const table = createObjectTable();
  const feed = createChangeFeed(historyCapacity);

  function commit(type: Change['type'], object: KubeObject, previous?: KubeObject): KubeObject {
    const stored = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: feed.nextVersion() } });
    if (type === 'DELETED') table.drop(stored);
    else table.put(stored);
    feed.publish({ type, object: stored, ...(previous === undefined ? {} : { previous }) });
    return stored;
  }

  function existing(kind: string, namespace: string | undefined, name: string): KubeObject {
    const current = table.get(kind, namespace, name);
    if (current === undefined) throw missing(kind, name);
    return current;
  }

  function update(object: KubeObject, options: WriteOptions = {}): KubeObject {
    const { namespace, name } = object.metadata;
    const current = existing(object.kind, namespace, name);
    checkPreconditions(current, object.metadata);
    const next = nextObject(current, object, options.subresource);
    if (sameObject(current, next)) return current;
    if (options.dryRun === true) return next;
    return commit(isFinished(next) ? 'DELETED' : 'MODIFIED', next, current);
  }

  function remove(kind: string, namespace: string | undefined, name: string, options: RemoveOptions = {}): KubeObject {
    const current = existing(kind, namespace, name);
    checkPreconditions(current, options);
    if (options.dryRun === true) return current;
    const grace = options.graceSeconds ?? 0;
    if (grace === 0 && !isHeld(current)) return commit('DELETED', current, current);
    const marked = terminating(current, grace, deps.clock.now());
    return marked === undefined ? current : commit('MODIFIED', marked, current);
  }

  return Object.freeze({
    get: table.get,
    list: table.list,
    create(object, options = {}) {
      const next = named(object, { ...deps, table });
      return options.dryRun === true ? next : commit('ADDED', next);
    },
    update,
    mutate(kind, namespace, name, change, options) {
      const current = table.get(kind, namespace, name);
      if (current === undefined) return undefined;
      const draft = copyJson(current);
      change(draft);
      return update(draft, options);
    },
    remove,
    subscribe: feed.subscribe,
    resourceVersion: feed.version,
    historySince: feed.since,
    compact: feed.compact,
  } satisfies ObjectStore);
}

/** The object marked for its end; undefined when it is marked already and its grace period does not get shorter. */
function terminating(current: KubeObject, grace: number, now: Date): KubeObject | undefined {
  const { deletionTimestamp: marked, deletionGracePeriodSeconds: left = 0 } = current.metadata;
  if (marked !== undefined && left <= grace) return undefined;
  const deletionTimestamp = wireTime(new Date(now.getTime() + grace * 1000));
  return { ...current, metadata: { ...current.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace } };
}

/** Finalizers keep an object in place after its deletion was asked for. */
const isHeld = (object: KubeObject): boolean => (object.metadata.finalizers ?? []).length > 0;

/** A terminating object goes with its last finalizer; one that waits for a grace period goes by its own removal. */
const isFinished = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (metadata.deletionGracePeriodSeconds ?? 0) === 0;

function named(
  draft: NewObject,
  deps: { clock: { now(): Date }; newId: () => string; table: ObjectTable },
): KubeObject {
  const { generateName } = draft.metadata;
  let name = draft.metadata.name ?? '';
  const build = () => newObject(draft, { uid: deps.newId(), name, now: deps.clock.now() });
  if (name === '' && generateName !== undefined) name = `${generateName}${nameSuffix(deps.newId())}`;
  const object = build();
  const { namespace } = object.metadata;
  if (deps.table.get(object.kind, namespace, name) !== undefined) throw alreadyExists(servedKind(object.kind), name);
  return object;
}
