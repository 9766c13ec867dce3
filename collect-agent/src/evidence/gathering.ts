import type { Bundle, Json, JsonObject } from '@aetherius/shared/contracts';
import type { KubeClient, Query } from '../kube/client.ts';
import { hasCode, KubeError } from '../kube/kube-error.ts';
import type { HeldObject, KubeEvent } from '../kube/objects.ts';
import { componentOf, countOf, timeOf } from '../signals/from-event.ts';
import { maskedObject } from './mask.ts';

/** A bundle that is being filled; what could not be had is stated, never silently missing. */
export type Gathering = {
  addObject: (raw: Json) => void;
  addHeld: (object: HeldObject) => void;
  addEvents: (events: KubeEvent[]) => void;
  addLog: (log: Bundle['logs'][number]) => void;
  addChanges: (changes: Bundle['changes']) => void;
  read: (path: string, query?: Query) => Promise<JsonObject | undefined>;
  list: (path: string, query?: Query) => Promise<JsonObject[]>;
  text: (path: string, query: Query) => Promise<string | undefined>;
  parts: () => Pick<Bundle, 'objects' | 'events' | 'logs' | 'changes' | 'cut'>;
};

const MAX_EVENTS = 60;
const MAX_MESSAGE = 1_000;
const LOG_MS = 2_000;

export const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** An empty gathering over a client whose failures become statements. */
export function createGathering(client: Pick<KubeClient, 'get' | 'text'>): Gathering {
  const objects = new Map<string, Bundle['objects'][number]>();
  const events = new Map<string, Bundle['events'][number]>();
  const logs: Bundle['logs'] = [];
  const changes: Bundle['changes'] = [];
  const cut = new Set<string>();

  const tolerant = async <T>(path: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (!hasCode(error, 404)) cut.add(`${path}: ${error.reason}`);
      return undefined;
    }
  };
  const addObject = (raw: Json) => {
    const body = asObject(maskedObject(raw));
    const metadata = asObject(body['metadata']);
    const [kind, namespace, name] = [
      text(body['kind']) ?? 'Unknown',
      text(metadata['namespace']),
      text(metadata['name']) ?? '',
    ];
    const id = `object:${kind}/${namespace ?? '_'}/${name}`;
    if (!objects.has(id)) objects.set(id, { id, kind, namespace, name, body });
  };
  const read = async (path: string, query?: Query) => {
    const found = await tolerant(path, () => client.get(path, query));
    return found === undefined ? undefined : asObject(found);
  };
  return {
    addObject,
    addHeld: (object) => addObject(heldBody(object)),
    addEvents: (found) => {
      for (const event of found) events.set(event.metadata.uid, bundleEvent(event));
    },
    addLog: (log) => logs.push(log),
    addChanges: (found) => changes.push(...found),
    read,
    list: async (path, query) => {
      const found = await read(path, { limit: 100, ...query });
      const { items, kind, apiVersion } = found ?? {};
      const itemKind = (text(kind) ?? 'List').replace(/List$/, '');
      return (Array.isArray(items) ? items : []).map((item) => ({
        kind: itemKind,
        apiVersion: text(apiVersion) ?? 'v1',
        ...asObject(item),
      }));
    },
    text: (path, query) => tolerant(path, () => client.text(path, query, { timeoutMs: LOG_MS })),
    parts: () => {
      const sorted = [...events.values()].sort((a, b) => Date.parse(a.last_timestamp) - Date.parse(b.last_timestamp));
      if (sorted.length > MAX_EVENTS) cut.add(`events: only the last ${MAX_EVENTS} of ${sorted.length}`);
      return { objects: [...objects.values()], events: sorted.slice(-MAX_EVENTS), logs, changes, cut: [...cut] };
    },
  };
}

/** What we hold of an object, without the fields that are our own short form. */
function heldBody(object: HeldObject): Json {
  const { apiVersion, kind, metadata, spec, status } = object;
  const isWhole = kind === 'Node' || kind === 'PersistentVolumeClaim' || kind === 'Service';
  const shown = isWhole ? { apiVersion, kind, metadata, spec, status } : { apiVersion, kind, metadata, status };
  return shown as unknown as Json;
}

/** Micro-times have six digits, which RFC 3339 allows and not every reader does. */
const iso = (time: string | null | undefined): string | null =>
  time === undefined || time === null || Number.isNaN(Date.parse(time)) ? null : new Date(time).toISOString();

function bundleEvent(event: KubeEvent): Bundle['events'][number] {
  const { metadata, involvedObject, reason, message, type, firstTimestamp } = event;
  return {
    id: `event:${metadata.uid}`,
    type: type ?? 'Normal',
    reason: reason ?? '',
    message: (message ?? '').slice(0, MAX_MESSAGE),
    component: componentOf(event) || null,
    count: countOf(event),
    kind: involvedObject.kind,
    namespace: involvedObject.namespace ?? null,
    name: involvedObject.name,
    first_timestamp: iso(firstTimestamp),
    last_timestamp: iso(timeOf(event)) ?? new Date(0).toISOString(),
  };
}
