import type { BundleEvent, BundleObject, Json, JsonObject } from '@aetherius/shared/contracts';
import type { KubeEvent } from '../kube/objects.ts';
import { componentOf, countOf, timeOf } from '../signals/from-event.ts';
import { maskedObject } from './mask.ts';

const MAX_MESSAGE = 1_000;

/** The value as an object, an empty one where it is none. */
export const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** The value as text, or null. */
export const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** An object as a bundle carries it: masked, and citable by an id that tells which it is. */
export function bundleObject(raw: Json): BundleObject {
  const body = asObject(maskedObject(raw));
  const metadata = asObject(body['metadata']);
  const kind = text(body['kind']) ?? 'Unknown';
  const namespace = text(metadata['namespace']);
  const name = text(metadata['name']) ?? '';
  return { id: `object:${kind}/${namespace ?? '_'}/${name}`, kind, namespace, name, body };
}

/** Micro-times have six digits, which RFC 3339 allows and not every reader does. */
const iso = (time: string | null | undefined): string | null =>
  time === undefined || time === null || Number.isNaN(Date.parse(time)) ? null : new Date(time).toISOString();

/** An Event as a bundle carries it. */
export function bundleEvent(event: KubeEvent): BundleEvent {
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
