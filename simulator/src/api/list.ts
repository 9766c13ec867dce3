import { ApiError, badRequest } from '../store/api-error.ts';
import { asObject, asString, type Json, type JsonObject } from '../store/json.ts';
import { apiVersionOf } from '../store/kinds.ts';
import type { KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { toWire } from './event-view.ts';
import type { RequestInfo } from './request-info.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';

/** The objects of one page, with what a client needs to read on or to watch from here. */
export type Page = { items: KubeObject[]; metadata: JsonObject };

/** What a list or watch request asks to see. */
export function matcherOf({ kind, name, query }: RequestInfo): Matcher {
  const byLabel = labelMatcher(query.get('labelSelector'));
  const byField = fieldMatcher(kind, query.get('fieldSelector'));
  return (object) => byLabel(object) && byField(object) && (name === undefined || object.metadata.name === name);
}

/** One page of a list, in the order of namespace and name. */
export function listPage(store: ObjectStore, request: RequestInfo): Page {
  refuseFuture(store, request.query.get('resourceVersion'));
  const token = request.query.get('continue') ?? '';
  const { resourceVersion, after } = token === '' ? fresh(store) : readToken(store, request, token);
  const matches = matcherOf(request);
  const found = store
    .list(request.kind.kind, request.namespace)
    .filter(matches)
    .map((object) => ({ object, key: keyOf(object) }))
    .filter(({ key }) => key > after)
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const limit = readLimit(request.query.get('limit'));
  const page = limit === 0 ? found : found.slice(0, limit);
  const left = found.length - page.length;
  const last = page.at(-1)?.key ?? '';
  const more = left === 0 ? {} : { continue: writeToken(resourceVersion, last), ...remaining(request, left) };
  return { items: page.map(({ object }) => object), metadata: { resourceVersion, ...more } };
}

/** The list document of a page. */
export const listDocument = ({ kind }: RequestInfo, { items, metadata }: Page): JsonObject => ({
  kind: `${kind.kind}List`,
  apiVersion: apiVersionOf(kind),
  metadata,
  items: items.map((object) => toWire(kind, object)),
});

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}\u0000${metadata.name}`;

const fresh = (store: ObjectStore) => ({ resourceVersion: store.resourceVersion(), after: '' });

/** Kubernetes counts what is left only when no selector had to be applied. */
const remaining = ({ query }: RequestInfo, left: number): JsonObject =>
  query.get('labelSelector') || query.get('fieldSelector') ? {} : { remainingItemCount: left };

function readLimit(text: string | null): number {
  const limit = Number(text ?? '0');
  if (!Number.isInteger(limit) || limit < 0) throw badRequest(`limit must be a whole number, not "${text}"`);
  return limit;
}

const writeToken = (resourceVersion: string, after: string): string =>
  Buffer.from(JSON.stringify({ v: resourceVersion, after })).toString('base64url');

function readToken(
  store: ObjectStore,
  { kind }: RequestInfo,
  token: string,
): { resourceVersion: string; after: string } {
  const { v, after } = parseToken(token);
  if (v === '' || after === '') throw badRequest('continue key is not valid');
  if (store.historySince(v, kind.kind) === 'gone') throw expired('The provided continue parameter is too old');
  return { resourceVersion: v, after };
}

function parseToken(token: string): { v: string; after: string } {
  try {
    const parsed = asObject(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Json);
    return { v: asString(parsed['v']), after: asString(parsed['after']) };
  } catch (cause) {
    throw badRequest(`continue key is not valid: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** 410 for a version whose history is forgotten. */
const expired = (message: string): ApiError => new ApiError(410, 'Expired', message);

/** A version from before a restart, or from another server, must not be taken for the present. */
export function refuseFuture(store: ObjectStore, wanted: string | null): void {
  if (wanted === null || wanted === '') return;
  if (!/^\d+$/.test(wanted)) throw badRequest(`resourceVersion: Invalid value: "${wanted}": must be a number`);
  const current = store.resourceVersion();
  if (Number(wanted) <= Number(current)) return;
  throw new ApiError(504, 'Timeout', `Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
