import { asNumber, asObject, asString, type Json, type JsonObject } from '../store/json.ts';
import { apiVersionOf, type Kind } from '../store/kinds.ts';

const toNewName: { [field: string]: string } = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  count: 'deprecatedCount',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  reportingComponent: 'reportingController',
};

const toOldName = Object.fromEntries(Object.entries(toNewName).map(([old, fresh]) => [fresh, old]));

const renamed = (object: JsonObject, names: { [field: string]: string }): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([field, value]) => [names[field] ?? field, value]));

/** A stored object as the kind it was asked for: the newer Event names its fields otherwise. */
export function toWire(kind: Kind, object: JsonObject): JsonObject {
  if (kind.group !== 'events.k8s.io') return object;
  return { ...renamed(object, toNewName), apiVersion: apiVersionOf(kind) };
}

/** The stored form of what a client sent. */
export function fromWire(kind: Kind, object: JsonObject): JsonObject {
  if (kind.group !== 'events.k8s.io') return object;
  return { ...renamed(object, toOldName), apiVersion: 'v1' };
}

/** How often an event was seen, from whichever of its two counters is in use. */
export const eventCount = (event: { [field: string]: Json }): number =>
  asNumber(asObject(event['series'])['count'], asNumber(event['count'], 1));

/** When an event was last seen, from whichever of its times is set. */
export const lastSeen = (event: { [field: string]: Json }): string =>
  asString(asObject(event['series'])['lastObservedTime']) ||
  asString(event['lastTimestamp']) ||
  asString(event['eventTime']) ||
  asString(asObject(event['metadata'])['creationTimestamp']);
