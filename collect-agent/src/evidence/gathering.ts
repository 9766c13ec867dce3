import type { Bundle, Json, JsonObject } from '@aetherius/shared/contracts';
import type { KubeClient, Query } from '../kube/client.ts';
import { hasCode, KubeError } from '../kube/kube-error.ts';
import type { HeldObject, KubeEvent } from '../kube/objects.ts';
import { asObject, bundleEvent, bundleObject, text } from './bundle-items.ts';

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
const LOG_MS = 2_000;

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
    const object = bundleObject(raw);
    if (!objects.has(object.id)) objects.set(object.id, object);
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
