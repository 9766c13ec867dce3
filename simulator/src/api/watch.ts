import type { ServerResponse } from 'node:http';
import { ApiError } from '../store/api-error.ts';
import type { JsonObject } from '../store/json.ts';
import { apiVersionOf } from '../store/kinds.ts';
import type { Change, KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Hooks } from './hooks.ts';
import { matcherOf, refuseFuture } from './list.ts';
import type { Representation } from './representation.ts';
import { isTrue, type RequestInfo } from './request-info.ts';
import type { Matcher } from './selectors.ts';

const bookmarkEveryMs = 10_000;
const longestSeconds = 3600;
/** A reader that is this far behind is dropped, as a real server drops it. */
const backlogBytes = 64 * 1024 * 1024;

type Seen = { type: Change['type']; object: KubeObject };

/** Streams the changes that a request asks for until it ends, and tells when it did. */
export function serveWatch(deps: {
  store: ObjectStore;
  hooks: Hooks;
  request: RequestInfo;
  response: ServerResponse;
  representation: Representation;
}): void {
  const { store, hooks, request, response, representation } = deps;
  const matches = matcherOf(request);
  const past = startOf(store, request, matches);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const send = createSender({ response, hooks, request });
  if (past instanceof ApiError) {
    send({ type: 'ERROR', object: past.status });
    response.end();
    return;
  }
  const show = ({ type, object }: Seen): void => send({ type, object: representation.one(object) });
  const bookmark = (annotations?: JsonObject): void => send(bookmarkEvent(store, request, annotations));
  past.forEach(show);
  if (isTrue(request.query.get('sendInitialEvents'))) bookmark({ 'k8s.io/initial-events-end': 'true' });
  const unsubscribe = store.subscribe((change) => {
    const seen = isWanted(change, request) ? asSeen(change, matches) : undefined;
    if (seen !== undefined) show(seen);
  });
  const stopTimers = startTimers({ request, response, bookmark });
  response.once('close', () => {
    unsubscribe();
    stopTimers();
  });
}

function startTimers(deps: { request: RequestInfo; response: ServerResponse; bookmark: () => void }): () => void {
  const { request, response, bookmark } = deps;
  const wanted = isTrue(request.query.get('allowWatchBookmarks'));
  const asked = Number(request.query.get('timeoutSeconds') ?? '0');
  const seconds = asked > 0 ? Math.min(asked, longestSeconds) : longestSeconds;
  const bookmarks = wanted ? setInterval(bookmark, bookmarkEveryMs) : undefined;
  const end = setTimeout(() => {
    if (wanted) bookmark();
    response.end();
  }, seconds * 1000);
  return () => {
    clearInterval(bookmarks);
    clearTimeout(end);
  };
}

/** What a watch begins with: the present state, or the changes since a version. */
function startOf(store: ObjectStore, request: RequestInfo, matches: Matcher): Seen[] | ApiError {
  const from = request.query.get('resourceVersion') ?? '';
  const initial = request.query.get('sendInitialEvents');
  if (isTrue(initial) || (initial === null && (from === '' || from === '0'))) {
    const present = store.list(request.kind.kind, request.namespace).filter(matches);
    return present.map((object) => ({ type: 'ADDED', object }));
  }
  refuseFuture(store, from);
  const changes = from === '' || from === '0' ? [] : store.historySince(from, request.kind.kind);
  if (changes === 'gone') {
    return new ApiError(410, 'Expired', `too old resource version: ${from} (${store.resourceVersion()})`);
  }
  return changes
    .filter((change) => isWanted(change, request))
    .map((change) => asSeen(change, matches))
    .filter((seen) => seen !== undefined);
}

const isWanted = ({ object }: Change, { kind, namespace }: RequestInfo): boolean =>
  object.kind === kind.kind && (namespace === undefined || object.metadata.namespace === namespace);

/** A change as someone sees it who knows only the objects that match: leaving the selection is a deletion, entering it an addition. */
function asSeen({ type, object, previous }: Change, matches: Matcher): Seen | undefined {
  const before = previous !== undefined && matches(previous);
  const after = type !== 'DELETED' && matches(object);
  if (before && after) return { type: 'MODIFIED', object };
  if (after) return { type: 'ADDED', object };
  return before ? { type: 'DELETED', object } : undefined;
}

function bookmarkEvent(store: ObjectStore, { kind }: RequestInfo, annotations?: JsonObject): JsonObject {
  const metadata = {
    resourceVersion: store.resourceVersion(),
    creationTimestamp: null,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } };
}

function createSender({ response, hooks, request }: { response: ServerResponse; hooks: Hooks; request: RequestInfo }) {
  return (event: JsonObject): void => {
    if (response.writableEnded || response.destroyed) return;
    const fault = hooks.fault?.('watch', request);
    if (fault === 'silence') return;
    if (fault === 'cut' || response.writableLength > backlogBytes) {
      response.destroy();
      return;
    }
    const failed = fault instanceof ApiError;
    response.write(`${JSON.stringify(failed ? { type: 'ERROR', object: fault.status } : event)}\n`);
    if (failed) response.end();
  };
}
