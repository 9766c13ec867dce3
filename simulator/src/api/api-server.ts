import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, badRequest, forbidden } from '../store/api-error.ts';
import { createGarbageCollector } from '../store/garbage-collector.ts';
import type { JsonObject } from '../store/json.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { reviewedAttributes } from './authorize.ts';
import { graceOf } from './delete.ts';
import { aggregatedType, discoveryDocument, versionInfo } from './discovery.ts';
import { trackDisruptionBudgets } from './disruption-budgets.ts';
import { type Cluster, handleResource, type Reply } from './handle-resource.ts';
import type { Attributes, Hooks, User } from './hooks.ts';
import { openApiV2, openApiV3 } from './openapi.ts';
import { objectBody, readBody } from './request-body.ts';
import { parseRequest, type RequestInfo } from './request-info.ts';
import { usageList, usageRequest } from './usage.ts';

const anonymous: User = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

/** A Kubernetes API over plain HTTP on top of a store. */
export function createApiServer(deps: { store: ObjectStore; hooks?: Hooks; clock?: { now(): Date } }) {
  const { store, hooks = {}, clock = { now: () => new Date() } } = deps;
  const remove = (object: Parameters<typeof graceOf>[0]): void => {
    const { namespace, name } = object.metadata;
    store.remove(object.kind, namespace, name, { graceSeconds: graceOf(object, undefined, hooks) });
  };
  const collector = createGarbageCollector({ store, remove });
  const stopBudgets = trackDisruptionBudgets(store);
  const cluster: Cluster = { store, hooks, collector, clock };
  const server = createServer((incoming, response) => {
    answer(cluster, incoming, response).catch((error: unknown) => sendFailure(response, error));
  });
  return Object.freeze({
    /** Listens on a port (0 picks a free one) and returns the address clients use. */
    listen: (port = 0, host = '127.0.0.1'): Promise<string> => listen(server, port, host),
    async stop(): Promise<void> {
      collector.stop();
      stopBudgets();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(`http://${host}:${(server.address() as AddressInfo).port}`);
    });
  });
}

async function answer(cluster: Cluster, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = readUrl(incoming);
  const user = userOf(cluster.hooks, incoming);
  const fixed = fixedReply(url.pathname, incoming.headers.accept ?? '');
  if (fixed !== undefined) {
    sendFixed(response, fixed);
    return;
  }
  if (url.pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' && incoming.method === 'POST') {
    send(response, { code: 201, body: reviewAccess(cluster.hooks, user, objectBody(await readBody(incoming))) });
    return;
  }
  const usage = incoming.method === 'GET' ? usageRequest(url.pathname) : undefined;
  if (usage !== undefined) {
    send(response, { code: 200, body: usageReply(cluster, user, usage) });
    return;
  }
  const request = parseRequest(incoming.method ?? 'GET', url);
  const fault = cluster.hooks.fault?.('request', request);
  if (fault instanceof ApiError) throw fault;
  if (fault === 'cut') response.destroy();
  if (fault !== undefined) return;
  checkAccess(cluster.hooks, user, request);
  const reply = await handleResource(cluster, { request, incoming, response });
  if (reply !== undefined) send(response, reply);
}

function readUrl(incoming: IncomingMessage): URL {
  const url = URL.parse(incoming.url ?? '/', 'http://simulator');
  if (url === null) throw badRequest(`the request address "${incoming.url}" cannot be read`);
  return url;
}

function userOf(hooks: Hooks, incoming: IncomingMessage): User {
  if (hooks.authenticate === undefined) return anonymous;
  const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  const user = hooks.authenticate(token);
  if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  return user;
}

type Fixed = { body: JsonObject | string | Buffer; type: string };

const healthPaths = new Set(['/healthz', '/livez', '/readyz']);
const protobufV2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** What is served alike to everybody: version, health, discovery and the API description. */
function fixedReply(path: string, accept: string): Fixed | undefined {
  if (healthPaths.has(path)) return { body: 'ok', type: 'text/plain' };
  const asJson = (body: JsonObject): Fixed => ({ body, type: 'application/json' });
  if (path === '/version') return asJson(versionInfo);
  if (path === '/openapi/v2') {
    // No bytes at all are a valid protobuf document, one without definitions.
    return accept.includes('protobuf') ? { body: Buffer.alloc(0), type: protobufV2 } : asJson(openApiV2);
  }
  const description = openApiV3(path);
  if (description !== undefined) return asJson(description);
  const discovery = discoveryDocument(path, accept);
  if (discovery === undefined) return undefined;
  const type = discovery['kind'] === 'APIGroupDiscoveryList' ? aggregatedType : 'application/json';
  return { body: discovery, type };
}

/** Usage is served beside the resources: nothing of it is stored. */
function usageReply({ store, hooks, clock }: Cluster, user: User, usage: Parameters<typeof usageList>[1]): JsonObject {
  const { resource } = usage;
  if (hooks.authorize?.(user, { verb: 'list', group: 'metrics.k8s.io', resource }) ?? true)
    return usageList(store, usage, clock.now());
  const what = `User "${user.name}" cannot list resource "${resource}" in API group "metrics.k8s.io"`;
  throw new ApiError(403, 'Forbidden', what);
}

function reviewAccess(hooks: Hooks, user: User, review: JsonObject): JsonObject {
  const allowed = hooks.authorize?.(user, reviewedAttributes(review)) ?? true;
  const status = allowed ? { allowed } : { allowed, reason: 'no rule allows it' };
  return { ...review, kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', status };
}

function checkAccess(hooks: Hooks, user: User, { verb, kind, namespace, name, subresource }: RequestInfo): void {
  const { group, plural } = kind;
  const asked: Attributes = {
    verb,
    group,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
  if (hooks.authorize?.(user, asked) ?? true) return;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
  throw forbidden(kind, name ?? '', what);
}

function sendFixed(response: ServerResponse, { body, type }: Fixed): void {
  response.writeHead(200, { 'content-type': type });
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

function send(response: ServerResponse, { code, body }: Reply): void {
  response.writeHead(code, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function sendFailure(response: ServerResponse, error: unknown): void {
  const failure = error instanceof ApiError ? error : internalError(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const wait = failure.status.details?.retryAfterSeconds ?? (failure.code === 429 ? 1 : undefined);
  response.writeHead(failure.code, {
    'content-type': 'application/json',
    ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
  });
  response.end(JSON.stringify(failure.status));
}

const internalError = (error: unknown): ApiError =>
  new ApiError(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  );
