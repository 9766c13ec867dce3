import { isDeepStrictEqual } from 'node:util';
import { ApiError, conflict, notFound } from './api-error.ts';
import { copyJson } from './json.ts';
import { apiVersionOf, type Kind, kindNamed } from './kinds.ts';
import type { KubeObject, NewObject, ObjectMeta } from './kube-object.ts';

/** What a write may demand of the object it meets. */
export type Preconditions = { uid?: string | undefined; resourceVersion?: string | undefined };

/** The table entry of a kind, or a 404 that says the kind is not served. */
export function servedKind(kind: string): Kind {
  const found = kindNamed(kind);
  if (found === undefined) throw new ApiError(404, 'NotFound', `the server has no kind "${kind}"`);
  return found;
}

/** The object to be stored on create; the system's fields win over what the caller sent. */
export function newObject(draft: NewObject, meta: { uid: string; name: string; now: Date }): KubeObject {
  const kind = servedKind(draft.kind);
  const { namespace, resourceVersion: _version, ...rest } = draft.metadata;
  const metadata: ObjectMeta = {
    ...rest,
    name: meta.name,
    ...(kind.namespaced ? { namespace: namespace ?? 'default' } : {}),
    uid: meta.uid,
    resourceVersion: '',
    creationTimestamp: wireTime(meta.now),
    ...(draft.spec === undefined ? {} : { generation: 1 }),
  };
  return copyJson({ ...draft, apiVersion: apiVersionOf(kind), metadata });
}

/** The next state of an object: each of spec and status only moves through its own door. */
export function nextObject(current: KubeObject, wanted: KubeObject, subresource?: 'status'): KubeObject {
  if (subresource === 'status') return withStatus(current, wanted);
  const { status: _ignored, ...rest } = copyJson(wanted);
  const next = {
    ...rest,
    apiVersion: current.apiVersion,
    metadata: { ...rest.metadata, ...systemFields(current.metadata) },
    ...(current.status === undefined ? {} : { status: current.status }),
  } as KubeObject;
  if (current.metadata.generation === undefined || isDeepStrictEqual(current.spec, next.spec)) return next;
  next.metadata.generation = current.metadata.generation + 1;
  return next;
}

function withStatus(current: KubeObject, wanted: KubeObject): KubeObject {
  const { status: _old, ...rest } = current;
  return wanted.status === undefined
    ? (rest as KubeObject)
    : ({ ...rest, status: copyJson(wanted.status) } as KubeObject);
}

function systemFields(meta: ObjectMeta): Partial<ObjectMeta> {
  const { name, namespace, uid, resourceVersion, creationTimestamp, generation } = meta;
  const { deletionTimestamp, deletionGracePeriodSeconds } = meta;
  return {
    name,
    uid,
    resourceVersion,
    creationTimestamp,
    ...(namespace === undefined ? {} : { namespace }),
    ...(generation === undefined ? {} : { generation }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
  };
}

/** Whether two states of an object are the same to a reader. */
export const sameObject = (left: KubeObject, right: KubeObject): boolean => isDeepStrictEqual(left, right);

/** Refuses a write that rests on a stale reading or on another object of the same name. */
export function checkPreconditions(current: KubeObject, wanted: Preconditions): void {
  const { uid, resourceVersion, name } = current.metadata;
  const kind = servedKind(current.kind);
  if (wanted.uid !== undefined && wanted.uid !== '' && wanted.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`;
    throw conflict(kind, name, why);
  }
  const version = wanted.resourceVersion;
  if (version === undefined || version === '' || version === resourceVersion) return;
  throw conflict(
    kind,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** A 404 for a kind given by name. */
export const missing = (kind: string, name: string): ApiError => notFound(servedKind(kind), name);

/** A time as Kubernetes writes it: whole seconds. */
export const wireTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters for a generated name, taken from the end of a fresh id. */
export const nameSuffix = (id: string): string =>
  [
    ...id
      .replace(/[^0-9a-zA-Z]/g, '')
      .slice(-5)
      .padStart(5, '0'),
  ]
    .map((letter) => suffixLetters[letter.charCodeAt(0) % suffixLetters.length])
    .join('');
