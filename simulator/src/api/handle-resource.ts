import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest } from '../store/api-error.ts';
import type { GarbageCollector } from '../store/garbage-collector.ts';
import { asObject, asString, at, type Json, type JsonObject } from '../store/json.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { deletedStatus, deleteObject, readDeletion } from './delete.ts';
import { checkEviction } from './eviction.ts';
import type { Hooks } from './hooks.ts';
import { listPage, matcherOf } from './list.ts';
import { createRepresentation, type Representation } from './representation.ts';
import { contentTypeOf, objectBody, readBody } from './request-body.ts';
import { noSuchPath, type RequestInfo } from './request-info.ts';
import { bindPod, readPodLog, scaleOf, writeScale } from './subresources.ts';
import { serveWatch } from './watch.ts';
import { createObject, existing, patchObject, replaceObject } from './write.ts';

/** What is needed to serve requests for resources. */
export type Cluster = { store: ObjectStore; hooks: Hooks; collector: GarbageCollector; clock: { now(): Date } };

/** A finished answer; a text is sent as it is. */
export type Reply = { code: number; body: JsonObject | string };

/** One request with all that its handler reads. */
export type Call = {
  request: RequestInfo;
  incoming: IncomingMessage;
  response: ServerResponse;
};

type Handling = Cluster & {
  request: RequestInfo;
  representation: Representation;
  body: Json | undefined;
  contentType: string;
};

/** Serves one request for a resource; undefined when the answer is a stream that goes on by itself. */
export async function handleResource(
  cluster: Cluster,
  { request, incoming, response }: Call,
): Promise<Reply | undefined> {
  const accept = incoming.headers.accept ?? '';
  const representation = createRepresentation(request, accept, () => cluster.clock.now());
  if (request.verb === 'watch') {
    serveWatch({ store: cluster.store, hooks: cluster.hooks, request, response, representation });
    return undefined;
  }
  const body = incoming.method === 'GET' ? undefined : await readBody(incoming);
  const handling = { ...cluster, request, representation, body, contentType: contentTypeOf(incoming) };
  const special = request.subresource === undefined ? undefined : subresources[request.subresource];
  return special === undefined ? handleObject(handling) : special(handling);
}

function handleObject(handling: Handling): Reply {
  const { store, request, representation, body } = handling;
  const ok = (document: JsonObject): Reply => ({ code: 200, body: document });
  switch (request.verb) {
    case 'get':
      return ok(representation.one(existing(store, request)));
    case 'list':
      return ok(representation.page(listPage(store, request)));
    case 'create':
      return { code: 201, body: representation.one(createObject(store, request, body)) };
    case 'update':
      return ok(representation.one(replaceObject(store, request, body)));
    case 'patch':
      return ok(representation.one(patchObject(handling)));
    case 'delete':
      return deleteOne(handling);
    case 'deletecollection':
      return ok(deleteMany(handling));
    default:
      throw noSuchPath();
  }
}

function deleteOne(handling: Handling): Reply {
  const { request, body, representation, store } = handling;
  const { object, gone } = deleteObject(handling, existing(store, request), readDeletion(body, request.query));
  const { plural, group } = request.kind;
  return { code: 200, body: gone ? deletedStatus(plural, group, object) : representation.one(object) };
}

function deleteMany(handling: Handling): JsonObject {
  const { store, request, body, representation } = handling;
  const deletion = readDeletion(body, request.query);
  const items = store.list(request.kind.kind, request.namespace).filter(matcherOf(request));
  for (const { kind, metadata } of items) {
    // An earlier deletion of this very request may have taken its dependents along.
    const current = store.get(kind, metadata.namespace, metadata.name);
    if (current !== undefined) deleteObject(handling, current, deletion);
  }
  return representation.page({ items, metadata: { resourceVersion: store.resourceVersion() } });
}

const success: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };

const subresources: { [name: string]: (handling: Handling) => Reply } = {
  log: (handling) => ({ code: 200, body: readPodLog({ ...handling, now: handling.clock.now() }) }),
  scale: (handling) => {
    const { store, request } = handling;
    return { code: 200, body: request.verb === 'get' ? scaleOf(existing(store, request)) : writeScale(handling) };
  },
  binding: ({ store, request, body }) => {
    bindPod(store, request, body);
    return { code: 201, body: { ...success, code: 201 } };
  },
  eviction: evict,
  finalize: (handling) => handleObject({ ...handling, request: { ...handling.request, subresource: undefined } }),
};

function evict(handling: Handling): Reply {
  const { store, request } = handling;
  const eviction = objectBody(handling.body);
  const named = asString(at(eviction, 'metadata', 'name'));
  if (named !== '' && named !== request.name) {
    throw badRequest(`name in URL does not match name in Eviction object: ${request.name} != ${named}`);
  }
  const pod = existing(store, request);
  const deletion = readDeletion(asObject(eviction['deleteOptions']), request.query);
  checkEviction(store, pod);
  deleteObject(handling, pod, deletion);
  return { code: 201, body: { ...success, code: 201 } };
}
