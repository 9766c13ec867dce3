import { ApiError, badRequest, forbidden } from '../store/api-error.ts';
import type { GarbageCollector, Propagation } from '../store/garbage-collector.ts';
import { asNumber, asObject, asString, at, isJsonObject, type Json, type JsonObject } from '../store/json.ts';
import { kinds } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { servedKind } from '../store/object-rules.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Hooks } from './hooks.ts';

/** How an object is to be deleted. */
export type Deletion = {
  propagation: Propagation;
  graceSeconds: number | undefined;
  uid: string | undefined;
  resourceVersion: string | undefined;
  dryRun: boolean;
};

const policies: readonly string[] = ['Background', 'Foreground', 'Orphan'] satisfies Propagation[];

const isPropagation = (policy: string): policy is Propagation => policies.includes(policy);

/** Reads DeleteOptions from the body, where kubectl puts them, and from the query. */
export function readDeletion(body: Json | undefined, query: URLSearchParams): Deletion {
  if (body !== undefined && !isJsonObject(body)) throw badRequest('DeleteOptions must be a JSON object');
  const options = asObject(body);
  const propagation = asString(options['propagationPolicy']) || query.get('propagationPolicy') || 'Background';
  if (!isPropagation(propagation)) {
    throw new ApiError(422, 'Invalid', `DeleteOptions is invalid: propagationPolicy: Invalid value: "${propagation}"`);
  }
  const grace = asNumber(options['gracePeriodSeconds'], Number(query.get('gracePeriodSeconds') ?? 'NaN'));
  return {
    propagation,
    graceSeconds: Number.isFinite(grace) ? Math.max(0, grace) : undefined,
    uid: asString(at(options, 'preconditions', 'uid')) || undefined,
    resourceVersion: asString(at(options, 'preconditions', 'resourceVersion')) || undefined,
    dryRun: isDryRun(query) || Array.isArray(options['dryRun']),
  };
}

/** Whether nothing may be stored; a value other than All is refused. */
export function isDryRun(query: URLSearchParams): boolean {
  const value = query.get('dryRun');
  if (value === null || value === '') return false;
  if (value !== 'All') throw badRequest(`dryRun: Unsupported value: "${value}": supported values: "All"`);
  return true;
}

/** How long a pod may take to end: none when it never started, has ended, or nobody would end it. */
export function graceOf(pod: KubeObject, asked: number | undefined, hooks: Hooks): number {
  if (pod.kind !== 'Pod' || pod.spec?.['nodeName'] === undefined) return 0;
  const phase = asString(pod.status?.['phase']);
  if (phase === 'Succeeded' || phase === 'Failed') return 0;
  const { namespace = '', name } = pod.metadata;
  if (hooks.endsPods?.({ namespace, name }) !== true) return 0;
  return asked ?? asNumber(pod.spec['terminationGracePeriodSeconds'], 30);
}

/** Deletes one object the way Kubernetes does; returns it as it is afterwards, and whether it is gone. */
export function deleteObject(
  deps: { store: ObjectStore; hooks: Hooks; collector: GarbageCollector },
  object: KubeObject,
  deletion: Deletion,
): { object: KubeObject; gone: boolean } {
  const { store, hooks, collector } = deps;
  const { kind, metadata } = object;
  const { dryRun, uid, resourceVersion } = deletion;
  refuseBuiltIn(object);
  // A dry run also proves the preconditions before anything that belongs to the object is touched.
  store.remove(kind, metadata.namespace, metadata.name, { uid, resourceVersion, dryRun: true });
  if (dryRun) return { object, gone: true };
  collector.prepare(object, deletion.propagation);
  if (kind === 'Namespace') emptyNamespace(store, metadata.name);
  const removed = store.remove(kind, metadata.namespace, metadata.name, {
    uid,
    graceSeconds: graceOf(object, deletion.graceSeconds, hooks),
  });
  if (deletion.propagation === 'Foreground') collector.cascade(object);
  const left = store.get(kind, metadata.namespace, metadata.name);
  return { object: left ?? removed, gone: left === undefined };
}

const builtIn = new Set(['default', 'kube-system', 'kube-public']);

function refuseBuiltIn({ kind, metadata }: KubeObject): void {
  if (kind !== 'Namespace' || !builtIn.has(metadata.name)) return;
  throw forbidden(servedKind(kind), metadata.name, 'this namespace may not be deleted');
}

function emptyNamespace(store: ObjectStore, namespace: string): void {
  for (const { kind } of kinds.filter(({ namespaced }) => namespaced)) {
    for (const { metadata } of store.list(kind, namespace)) {
      if (store.get(kind, namespace, metadata.name) !== undefined) store.remove(kind, namespace, metadata.name);
    }
  }
}

/** The answer to a deletion that is complete. */
export const deletedStatus = (plural: string, group: string, { metadata }: KubeObject): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(group === '' ? {} : { group }), kind: plural, uid: metadata.uid },
});
