import { type BundleObject, type JsonObject, seconds } from '@aetherius/shared/contracts';
import { objectAt, objectsAt, own, textAt } from '../json-path.ts';
import type { Health } from './health-state.ts';

const GRACE = seconds('3m');
/** A namespace with much in it may well take this long to go. */
const DELETION = seconds('10m');
const unclear: Health = { state: 'unclear', line: '' };
const broken = (line: string): Health => ({ state: 'broken', line });

const secondsSince = (body: JsonObject | undefined, path: string, now: number): number | undefined => {
  const at = Date.parse(textAt(body, path) ?? '');
  return Number.isNaN(at) ? undefined : (now - at) / 1000;
};

/** Conditions that must be True. A type that is not listed says nothing: distributions add their own, most of them harmless. */
const wanted: Record<string, readonly string[]> = {
  APIService: ['Available'],
  CustomResourceDefinition: ['NamesAccepted', 'Established'],
  GatewayClass: ['Accepted'],
  Gateway: ['Accepted', 'Programmed'],
  HTTPRoute: ['Accepted', 'ResolvedRefs'],
  Certificate: ['Ready'],
};

/** Of a group that is none of Kubernetes itself, or of one that a row of a table does not tell. */
const ofOperator = /^(?:<unknown>$|(?![^/]*\.k8s\.io\/)[^/]*\.[^/]*\/)/;

const isOfOperator = ({ body }: BundleObject): boolean => ofOperator.test(textAt(body, 'apiVersion') ?? '');

/** What operators call their objects' own word on whether they work. */
const wantedOf = (object: BundleObject): readonly string[] =>
  own(wanted, object.kind) ?? (isOfOperator(object) ? ['Ready'] : []);

/** What operators call it when they do not. */
const unwanted = /^(?:NotReady|Failed|Stalled|Degraded)$/;

/** An HTTPRoute has its conditions per gateway that it hangs on. */
const conditionsIn = ({ body }: BundleObject): JsonObject[] => [
  ...objectsAt(body, 'status.conditions'),
  ...objectsAt(body, 'status.parents').flatMap((parent) => objectsAt(parent, 'conditions')),
];

/** The condition of an object that says it does not work, of the types that are known to mean it. */
export const failedCondition = (object: BundleObject): JsonObject | undefined =>
  conditionsIn(object).find((condition) => {
    const [type = '', status] = [textAt(condition, 'type'), textAt(condition, 'status')];
    return status === 'True'
      ? isOfOperator(object) && unwanted.test(type)
      : status === 'False' && wantedOf(object).includes(type);
  });

function byConditions(object: BundleObject, now: number): Health {
  const failed = failedCondition(object);
  if (failed === undefined) return conditionsIn(object).length === 0 ? unclear : { state: 'healthy', line: 'type: ' };
  // A row of a table does not say since when.
  const age =
    secondsSince(failed, 'lastTransitionTime', now) ?? secondsSince(object.body, 'metadata.creationTimestamp', now);
  if (age !== undefined && age < GRACE) return { state: 'progressing', line: 'status: False' };
  return broken(textAt(failed, 'message') ?? textAt(failed, 'reason') ?? 'status: False');
}

/** What still holds a namespace that is to go. */
function namespaceHealth(namespace: BundleObject, now: number): Health {
  const phase = textAt(namespace.body, 'status.phase');
  if (phase === undefined) return unclear;
  if (phase !== 'Terminating') return { state: 'healthy', line: 'status.phase' };
  const age = secondsSince(namespace.body, 'metadata.deletionTimestamp', now);
  if (age !== undefined && age < DELETION) return { state: 'progressing', line: 'status.phase' };
  const held = conditionsIn(namespace).find((condition) => textAt(condition, 'status') === 'True');
  return broken(textAt(held, 'message') ?? 'status.phase: Terminating');
}

function volumeHealth(volume: BundleObject): Health {
  const phase = textAt(volume.body, 'status.phase');
  if (phase === undefined) return unclear;
  return phase === 'Failed' ? broken('status.phase: Failed') : { state: 'healthy', line: 'status.phase' };
}

const attachmentHealth = ({ body }: BundleObject): Health =>
  objectAt(body, 'status.attachError') === undefined && objectAt(body, 'status.detachError') === undefined
    ? unclear
    : broken('Error.message');

const byKind: Record<string, (object: BundleObject, now: number) => Health> = {
  Namespace: namespaceHealth,
  PersistentVolume: volumeHealth,
  VolumeAttachment: attachmentHealth,
};

/** How an object fares whose status is a list of conditions or a phase; `unclear` for every other kind. */
export const conditionHealth = (object: BundleObject, now: number): Health =>
  own(byKind, object.kind)?.(object, now) ?? (wantedOf(object).length > 0 ? byConditions(object, now) : unclear);
