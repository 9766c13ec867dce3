import { admitCreate, admitUpdate } from '../admission/admit.ts';
import { badRequest, notFound } from '../store/api-error.ts';
import { asObject, asString, copyJson, isJsonObject, type Json, type JsonObject } from '../store/json.ts';
import { apiVersionOf, type Kind } from '../store/kinds.ts';
import type { KubeObject, NewObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { isDryRun } from './delete.ts';
import { fromWire, toWire } from './event-view.ts';
import { applyPatch, refuseUnknownPatch } from './patch.ts';
import { objectBody } from './request-body.ts';
import type { RequestInfo } from './request-info.ts';

/** The object that a request names, or 404. */
export function existing(store: ObjectStore, { kind, namespace, name = '' }: RequestInfo): KubeObject {
  const found = store.get(kind.kind, namespace, name);
  if (found === undefined) throw notFound(kind, name);
  return found;
}

/** Creates what a POST carries. */
export function createObject(store: ObjectStore, request: RequestInfo, body: Json | undefined): KubeObject {
  const { kind, namespace } = request;
  const sent = readObject(kind, objectBody(body));
  const named = asString(asObject(sent['metadata'])['namespace']);
  if (namespace !== undefined && named !== '' && named !== namespace) throw wrongNamespace(named, namespace);
  const metadata = {
    ...asObject(sent['metadata']),
    ...(kind.namespaced ? { namespace: namespace ?? (named || 'default') } : {}),
  };
  const draft = fromWire(kind, { ...sent, metadata }) as unknown as NewObject;
  return store.create(admitCreate(store, draft), { dryRun: isDryRun(request.query) });
}

const wrongNamespace = (named: string, namespace: string) =>
  badRequest(
    `the namespace of the provided object does not match the namespace sent on the request (${named}, ${namespace})`,
  );

/** A body as an object of the kind it was sent to; says which field makes it something else. */
function readObject(kind: Kind, body: JsonObject): JsonObject {
  const apiVersion = apiVersionOf(kind);
  const sent = { apiVersion, kind: kind.kind, ...withoutNulls(body) };
  if (sent.kind !== kind.kind || sent.apiVersion !== apiVersion) {
    const wanted = `${kind.kind} (${apiVersion})`;
    throw badRequest(
      `the object provided is ${asString(sent.kind)} (${asString(sent.apiVersion)}), expected ${wanted}`,
    );
  }
  for (const field of ['metadata', 'spec', 'status']) {
    const value = body[field];
    if (value !== undefined && value !== null && !isJsonObject(value)) throw badRequest(`${field}: must be an object`);
  }
  return sent;
}

/** Go clients write unset fields as null; left in, they would make equal templates differ. */
function withoutNulls(value: JsonObject): JsonObject {
  const clean = (inner: Json): Json => {
    if (Array.isArray(inner)) return inner.map(clean);
    return isJsonObject(inner) ? withoutNulls(inner) : inner;
  };
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([field, inner]) => [field, clean(inner)]));
}

/** Replaces an object, or its status, by what a PUT carries. */
export function replaceObject(store: ObjectStore, request: RequestInfo, body: Json | undefined): KubeObject {
  const sent = fromWire(request.kind, readObject(request.kind, objectBody(body)));
  return storeNext(store, request, sent);
}

/** Changes an object, or its status, by the patch that is sent. */
export function patchObject(deps: {
  store: ObjectStore;
  request: RequestInfo;
  body: Json | undefined;
  contentType: string;
}): KubeObject {
  const { store, request, body, contentType } = deps;
  refuseUnknownPatch(contentType);
  const current = copyJson(existing(store, request));
  const patched = applyPatch(toWire(request.kind, current), body ?? null, contentType);
  return storeNext(store, request, fromWire(request.kind, readObject(request.kind, patched)));
}

/** Stores the wanted state through the door the request came by. */
function storeNext(store: ObjectStore, request: RequestInfo, wanted: JsonObject): KubeObject {
  const current = existing(store, request);
  const { name, namespace } = current.metadata;
  const sent = asObject(wanted['metadata']);
  const sentName = asString(sent['name']) || name;
  if (sentName !== name) {
    throw badRequest(`the name of the object (${sentName}) does not match the name on the URL (${name})`);
  }
  const sentNamespace = asString(sent['namespace']) || (namespace ?? '');
  if (namespace !== undefined && sentNamespace !== namespace) throw wrongNamespace(sentNamespace, namespace);
  const metadata = { ...sent, name, ...(namespace === undefined ? {} : { namespace }) };
  const next = { ...wanted, metadata } as unknown as KubeObject;
  const dryRun = isDryRun(request.query);
  if (request.subresource === 'status') return store.update(next, { subresource: 'status', dryRun });
  return store.update(admitUpdate(current, next), { dryRun });
}
