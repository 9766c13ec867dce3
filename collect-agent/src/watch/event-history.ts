import type { KubeEvent } from '../kube/objects.ts';

const EVENTS_PER_OBJECT = 20;
const OBJECTS = 5_000;

/** The latest Events of each object, as evidence; bounded, the object that was longest quiet is forgotten first, but no Event before it was read once. */
export type EventHistory = {
  put: (event: KubeEvent) => void;
  of: (objectUid: string) => KubeEvent[];
  read: (eventUid: string) => KubeEvent | undefined;
};

/** An empty history. An Event that repeats is updated in place, so it takes one place however high it counts. */
export function createEventHistory(): EventHistory {
  const byUid = new Map<string, KubeEvent>();
  const byObject = new Map<string, Map<string, KubeEvent>>();
  // A list brings more at once than is kept, and each of them may be the only word of a fault.
  const unread = new Map<string, KubeEvent>();
  const put = (event: KubeEvent) => {
    const key = keyOf(event);
    const events = byObject.get(key) ?? new Map<string, KubeEvent>();
    byObject.delete(key);
    byObject.set(key, events);
    events.delete(event.metadata.uid);
    events.set(event.metadata.uid, event);
    forgetOldest(events, EVENTS_PER_OBJECT);
    forgetOldest(byObject, OBJECTS);
    byUid.delete(event.metadata.uid);
    byUid.set(event.metadata.uid, event);
    unread.set(event.metadata.uid, event);
    forgetOldest(byUid, OBJECTS);
  };
  const read = (uid: string) => {
    const event = unread.get(uid) ?? byUid.get(uid);
    unread.delete(uid);
    return event;
  };
  return { put, of: (uid) => [...(byObject.get(uid)?.values() ?? [])], read };
}

/** A Node's Events carry its name for a uid when the kubelet wrote them. */
const keyOf = ({ involvedObject: { uid, name } }: KubeEvent): string => (uid === undefined || uid === '' ? name : uid);

function forgetOldest(entries: Map<string, unknown>, most: number): void {
  const oldest = entries.keys().next();
  if (entries.size > most && !oldest.done) entries.delete(oldest.value);
}
