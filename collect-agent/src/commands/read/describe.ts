import type { ObjectRef } from '@aetherius/shared/contracts';
import type { KubeClient } from '../../kube/client.ts';
import { pathOf } from '../kinds.ts';
import { done, type Outcome } from '../outcome.ts';
import { eventsAbout } from './events.ts';
import { readable } from './readable.ts';

const EVENTS = 50;

/** Reads one object together with the Events about it. */
export async function describeObject(client: KubeClient, target: ObjectRef): Promise<Outcome> {
  const [object, events] = await Promise.all([client.get(pathOf(target)), eventsAbout(client, target, EVENTS)]);
  return done({ object: readable(object), events });
}
