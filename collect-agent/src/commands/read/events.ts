import type { JsonObject, ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { listPath } from '../kinds.ts';
import { itemsOf, type KubeObject } from '../kube-object.ts';
import { done, type Outcome } from '../outcome.ts';

type KubeEvent = KubeObject & {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  series?: { count?: number; lastObservedTime?: string };
  lastTimestamp?: string;
  eventTime?: string;
  reportingComponent?: string;
  source?: { component?: string };
};

/** The Events about one object, newest last. */
export async function eventsAbout(client: KubeClient, target: ObjectRef, limit: number): Promise<JsonObject[]> {
  const about = { kind: target.kind, name: target.name, ...(target.uid === null ? {} : { uid: target.uid }) };
  // Kubelets write a node's name where its uid belongs, so Events of nodes are found by name alone.
  const { uid: _, ...byName } = about as typeof about & { uid?: string };
  const fields = Object.entries(target.kind === 'Node' ? byName : about);
  const fieldSelector = fields.map(([field, value]) => `involvedObject.${field}=${value}`).join(',');
  const answer = await client.list(listPath('Event', target.namespace), { fieldSelector });
  return itemsOf<KubeEvent>(answer, 'Event')
    .sort((a, b) => lastSeen(a).localeCompare(lastSeen(b)))
    .slice(-limit)
    .map((event) => ({
      type: event.type ?? '',
      reason: event.reason ?? '',
      message: event.message ?? '',
      component: event.reportingComponent || event.source?.component || null,
      count: event.series?.count ?? event.count ?? 1,
      last_timestamp: lastSeen(event) || null,
    }));
}

const lastSeen = ({ series, lastTimestamp, eventTime }: KubeEvent): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? '';

/** The command `events`. */
export const listEvents = async (client: KubeClient, target: ObjectRef, limit: number): Promise<Outcome> =>
  done({ events: await eventsAbout(client, target, limit) });
