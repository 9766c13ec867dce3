import { type BundleObject, type JsonObject, seconds } from '@aetherius/shared/contracts';
import { objectsAt, textAt, wordsAt } from '../json-path.ts';
import type { Health } from './health-state.ts';

/** The time of a deletion where a source tells that it was asked for, and not when. */
export const UNKNOWN_TIME = '<unknown>';
/** What is to clear up before an object may go takes a while; a pod has had its time when its deletion is due. */
const LATE = seconds('10m');
const LATE_POD = seconds('3m');
/** Conditions by which an object says what keeps it; any other may be True for any reason. */
const keeps = /Remaining|Failure|Terminating|Deletion/;

const holding = ({ body }: BundleObject): JsonObject | undefined =>
  objectsAt(body, 'status.conditions').find(
    (condition) => textAt(condition, 'status') === 'True' && keeps.test(textAt(condition, 'type') ?? ''),
  );

/** The line of an object that tells what holds its deletion: what a condition says is left, else the first finalizer. */
function holdIn(object: BundleObject): string | undefined {
  const condition = holding(object);
  const said = textAt(condition, 'message') ?? textAt(condition, 'reason');
  if (said !== undefined) return (said.split('\n')[0] ?? '').slice(0, 200);
  if (wordsAt(object.body, 'metadata.finalizers').length > 0) return 'metadata.finalizers[0]: ';
  return wordsAt(object.body, 'spec.finalizers').length > 0 ? 'spec.finalizers[0]: ' : undefined;
}

/** Since when an object is told to go, in milliseconds; undefined for one that is to stay. */
export function toldToGo(object: BundleObject): number | undefined {
  const at = Date.parse(textAt(object.body, 'metadata.deletionTimestamp') ?? '');
  return Number.isNaN(at) ? undefined : at;
}

/** Whether an object is told to go, whenever that was. */
export const isLeaving = ({ body }: BundleObject): boolean => textAt(body, 'metadata.deletionTimestamp') !== undefined;

/** A pod that still runs after its time to go says no more than that: it is no longer asked for, and something keeps it. */
const lingers = ({ kind, body }: BundleObject): boolean =>
  kind === 'Pod' && !['Succeeded', 'Failed'].includes(textAt(body, 'status.phase') ?? '');

/** Of a pod that is told to go, that it is; not being ready is then how it should be. */
export const LEAVING = 'metadata.deletionTimestamp';

/** An object that was to be gone long ago and says what keeps it, of any kind, or a pod that lingers; undefined for every other. */
export function heldDeletion(object: BundleObject, now: number): Health | undefined {
  const at = toldToGo(object);
  const isLate = at !== undefined && (now - at) / 1000 > (object.kind === 'Pod' ? LATE_POD : LATE);
  const line = isLate ? (holdIn(object) ?? (lingers(object) ? LEAVING : undefined)) : undefined;
  return line === undefined ? undefined : { state: 'broken', line };
}
