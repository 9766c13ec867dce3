import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { objectsAt, textAt } from '../diagnosis/json-path.ts';
import { secretsOf } from '../llm/secrets.ts';
import { isClusterWide } from './kind-names.ts';
import { timestamp } from './moment.ts';
import { type Listing, type ReadEvent, type Reading, type ReadObject, reading } from './reading.ts';
import { readUsage } from './usage.ts';

const MASKED = '[redacted]';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Bookkeeping of the API server, and a copy of the object with its values. */
const bookkeeping = new Set(['managedFields', 'selfLink', lastApplied]);
const secretName =
  /passw|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|credential|(^|[_-])(key|pass)$/i;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is an object, a list or an event of Kubernetes. */
export const isKubernetes = (value: Json | undefined): value is JsonObject =>
  isObject(value) &&
  typeof value['kind'] === 'string' &&
  (typeof value['apiVersion'] === 'string' || isObject(value['metadata']) || Array.isArray(value['items']));

/** Objects, lists and events as the API server, `kubectl get -o json|yaml` or a manifest has them. */
export function readKubernetes(file: string, value: JsonObject, at: string): Reading {
  const kind = textAt(value, 'kind') ?? '';
  if (Array.isArray(value['items']) && kind.endsWith('List')) return readList(file, value, at);
  if (kind === 'Status') return refusal(file, value);
  if (kind === 'Event') return eventReading(file, value, at);
  if (kind === 'PodMetrics' || kind === 'NodeMetrics') return readUsage(value, at);
  const object = readObject(value);
  if (object === undefined)
    return reading({ unread: [{ file, reason: `${kind === '' ? 'an object' : kind} without metadata.name` }] });
  return reading({ objects: [object], secrets: secretsOf({ kind, body: value }) });
}

function readList(file: string, list: JsonObject, at: string): Reading {
  const listKind = textAt(list, 'kind') ?? '';
  const apiVersion = textAt(list, 'apiVersion') ?? 'v1';
  const itemKind = listKind === 'List' ? undefined : listKind.replace(/List$/, '');
  const items = objectsAt(list, 'items').map((item) =>
    itemKind === undefined ? item : { apiVersion, ...item, kind: textAt(item, 'kind') ?? itemKind },
  );
  const found = items.map((item) =>
    isKubernetes(item)
      ? readKubernetes(file, item, at)
      : reading({ unread: [{ file, reason: 'an item of the list is no Kubernetes object' }] }),
  );
  const objects = found.flatMap((one) => one.objects);
  const isCutOff = (textAt(list, 'metadata.continue') ?? '') !== '';
  const complete = isCutOff ? [] : [...listingsOf(objects), ...emptyListing(objects, itemKind)];
  return reading({
    objects,
    events: found.flatMap(({ events }) => events),
    metrics: found.flatMap(({ metrics }) => metrics),
    secrets: [...new Set(found.flatMap(({ secrets }) => secrets))],
    unread: found.flatMap(({ unread }) => unread),
    complete,
    cut: isCutOff ? [`${file}: a page of a longer ${listKind}`] : [],
  });
}

const emptyListing = (objects: readonly ReadObject[], kind: string | undefined): Listing[] =>
  objects.length > 0 || kind === undefined ? [] : [{ kind, namespace: isClusterWide(kind) ? null : undefined }];

/** What a listing is whole for: a kind in its one namespace, or everywhere once it spans several. */
export function listingsOf(objects: readonly ReadObject[]): Listing[] {
  const namespaces = new Set(objects.flatMap(({ namespace }) => (namespace ? [namespace] : [])));
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  const [only] = namespaces;
  return kinds.map((kind) => ({
    kind,
    namespace: isClusterWide(kind) || namespaces.size > 1 ? null : only,
  }));
}

function refusal(file: string, status: JsonObject): Reading {
  return reading({ unread: [{ file, reason: `the API server said: ${textAt(status, 'message') ?? 'no'}` }] });
}

function readObject(value: JsonObject): ReadObject | undefined {
  const kind = textAt(value, 'kind');
  const name = textAt(value, 'metadata.name') ?? textAt(value, 'metadata.generateName');
  if (kind === undefined || name === undefined) return undefined;
  const namespace = isClusterWide(kind) ? null : textAt(value, 'metadata.namespace');
  const body = trimmed(value);
  if (isObject(body))
    return { detail: 'whole', kind, namespace, name, body: kind === 'Secret' ? withoutValues(body) : body };
  return undefined;
}

/** The keys of a Secret matter, its values are nobody's business. */
const withoutValues = (secret: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(secret).map(([key, value]) =>
      (key === 'data' || key === 'stringData') && isObject(value)
        ? [key, Object.fromEntries(Object.keys(value).map((inner) => [inner, MASKED]))]
        : [key, value],
    ),
  );

/** Deeper than any object that Kubernetes takes; a file may hold anything. */
const DEEPEST = 100;

/** What has nothing to be taken out of is kept as it is: a listing of a whole cluster would be in memory twice. */
function trimmed(value: Json, depth = 0): Json {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => trimmed(item, depth + 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  return isObject(value) ? trimmedObject(value, depth) : value;
}

function trimmedObject(value: JsonObject, depth: number): JsonObject {
  const { name } = value;
  const isSecret = typeof name === 'string' && typeof value['value'] === 'string' && secretName.test(name);
  const kept: JsonObject = {};
  let isSame = !isSecret;
  for (const key of Object.keys(value)) {
    const inner = value[key] ?? null;
    if (!bookkeeping.has(key)) kept[key] = trimmed(inner, depth + 1);
    isSame &&= kept[key] === inner;
  }
  if (isSecret) kept['value'] = MASKED;
  return isSame ? value : kept;
}

function eventReading(file: string, value: JsonObject, at: string): Reading {
  const event = readEvent(value, at);
  return event === undefined
    ? reading({ unread: [{ file, reason: 'an Event that is about nothing' }] })
    : reading({ events: [event] });
}

/** An Event of either API (`v1` or `events.k8s.io/v1`), or undefined when it names no object. */
function readEvent(value: JsonObject, at: string): ReadEvent | undefined {
  const about = value['involvedObject'] ?? value['regarding'];
  const kind = textAt(about, 'kind');
  const name = textAt(about, 'name');
  if (kind === undefined || name === undefined) return undefined;
  const { first, last } = timesOf(value, at);
  const uid = textAt(value, 'metadata.uid');
  return {
    ...(uid === undefined ? {} : { id: `event:${uid}` }),
    type: textAt(value, 'type') ?? 'Normal',
    reason: textAt(value, 'reason') ?? '',
    message: textAt(value, 'message') ?? textAt(value, 'note') ?? '',
    component:
      textAt(value, 'source.component') ||
      textAt(value, 'reportingComponent') ||
      textAt(value, 'reportingController') ||
      null,
    count: countOf(value),
    kind,
    namespace: isClusterWide(kind) ? null : (textAt(about, 'namespace') ?? textAt(value, 'metadata.namespace')),
    name,
    first_timestamp: first,
    last_timestamp: last,
  };
}

function timesOf(value: JsonObject, at: string): { first: string | null; last: string } {
  const time = (...paths: string[]) => paths.map((path) => timestamp(textAt(value, path))).find((found) => found);
  const last = time(
    'series.lastObservedTime',
    'lastTimestamp',
    'deprecatedLastTimestamp',
    'eventTime',
    'firstTimestamp',
    'metadata.creationTimestamp',
  );
  const first = time('firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime', 'metadata.creationTimestamp');
  return { first: first ?? null, last: last ?? at };
}

function countOf({ count, series, deprecatedCount }: JsonObject): number {
  const counts = [isObject(series) ? series['count'] : undefined, count, deprecatedCount];
  const found = counts.find((one) => typeof one === 'number' && Number.isInteger(one) && one > 0);
  return typeof found === 'number' ? found : 1;
}
