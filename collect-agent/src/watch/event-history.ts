import type { KubeEvent } from '../kube/objects.ts';

const EVENTS_PER_OBJECT = 20;
const EVENTS = 5_000;

/** The latest Events of each object, as evidence; bounded, the object that was longest quiet is forgotten first. */
export type EventHistory = { put: (event: KubeEvent) => void; of: (objectUid: string) => KubeEvent[] };

/** An empty history. An Event that repeats is updated in place, so it takes one place however high it counts. */
export function createEventHistory(): EventHistory {
  const byObject = new Map<string, Map<string, KubeEvent>>();
  let size = 0;
  const put = (event: KubeEvent) => {
    const key = keyOf(event);
    const events = byObject.get(key) ?? new Map<string, KubeEvent>();
    size -= events.size;
    byObject.delete(key);
    byObject.set(key, events);
    events.delete(event.metadata.uid);
    events.set(event.metadata.uid, event);
    if (events.size > EVENTS_PER_OBJECT) takeOldest(events);
    size += events.size;
    while (size > EVENTS) size -= takeOldest(byObject)?.size ?? size;
  };
  return { put, of: (uid) => [...(byObject.get(uid)?.values() ?? [])] };
}

/** A Node's Events carry its name for a uid when the kubelet wrote them. */
const keyOf = ({ involvedObject: { uid, name } }: KubeEvent): string => (uid === undefined || uid === '' ? name : uid);

function takeOldest<T>(entries: Map<string, T>): T | undefined {
  const [oldest] = entries;
  if (oldest === undefined) return undefined;
  entries.delete(oldest[0]);
  return oldest[1];
}
