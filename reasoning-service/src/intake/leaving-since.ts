import { seconds } from '@aetherius/shared/contracts';
import { UNKNOWN_TIME } from '../diagnosis/health/held-deletion.ts';
import { objectAt, textAt } from '../diagnosis/json-path.ts';
import { before } from './moment.ts';
import type { ReadEvent, ReadObject } from './reading.ts';

/** How long a pod is given to end is not told beside the event; few are given longer. */
const GRACE = seconds('5m');

/** A row says that a pod is told to go; the kubelet's event says when it began to end its containers. */
export function withLeavingSince<T extends ReadObject>(objects: readonly T[], events: readonly ReadEvent[]): T[] {
  const stops = events.filter(({ kind, reason, message }) => kind === 'Pod' && reason === 'Killing' && isStop(message));
  const since = new Map(stops.map((event) => [`${event.namespace}/${event.name}`, event.last_timestamp]));
  return objects.map((object) => {
    const at = object.kind === 'Pod' ? since.get(`${object.namespace}/${object.name}`) : undefined;
    if (at === undefined || textAt(object.body, 'metadata.deletionTimestamp') !== UNKNOWN_TIME) return object;
    const metadata = { ...objectAt(object.body, 'metadata'), deletionTimestamp: before(at, -GRACE) };
    return { ...object, body: { ...object.body, metadata } };
  });
}

/** A container that a probe ends is started again. */
const isStop = (message: string): boolean => message.startsWith('Stopping container');
