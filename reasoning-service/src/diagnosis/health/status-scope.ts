import { type BundleEvent, type BundleObject, parseQuantity } from '@aetherius/shared/contracts';
import { objectsAt, own, textAt } from '../json-path.ts';
import { RUNTIME_DOWN } from '../messages/container-runtime.ts';
import { parseEviction } from '../messages/eviction.ts';
import { conditionOf } from './health.ts';

type Shortage = 'disk' | 'memory' | 'pid';

/** What a node runs short of, by the reasons of its events that always mean the same. */
const shortages: Record<string, Shortage> = {
  NodeHasDiskPressure: 'disk',
  FreeDiskSpaceFailed: 'disk',
  NodeHasInsufficientMemory: 'memory',
  NodeHasInsufficientPID: 'pid',
};

const conditions: Record<Shortage, string> = { disk: 'DiskPressure', memory: 'MemoryPressure', pid: 'PIDPressure' };

/** The kubelet's word that a shortage is over. */
const relief: Record<Shortage, string> = {
  disk: 'NodeHasNoDiskPressure',
  memory: 'NodeHasSufficientMemory',
  pid: 'NodeHasSufficientPID',
};

/** What a node runs short of by one of its events; undefined for every other event. */
function shortageIn({ kind, reason, message }: BundleEvent): Shortage | undefined {
  if (kind !== 'Node') return undefined;
  const reclaimed = reason === 'EvictionThresholdMet' ? parseEviction(message)?.resource : own(shortages, reason);
  return reclaimed === 'other' ? undefined : reclaimed;
}

/** The reason of the event by which the kubelet takes back what this one says of its node. */
export function reliefOf(event: BundleEvent): string | undefined {
  const shortage = shortageIn(event);
  return shortage === undefined ? undefined : relief[shortage];
}

const ofGrowth = new Set(['VolumeResizeFailed', 'FileSystemResizeFailed', 'ExternalExpanding', 'Resizing']);

/** A claim is bound, and its pod runs, before and after it grows alike: only both sizes tell. */
function hasGrown({ kind, body }: BundleObject): boolean {
  const [wanted, got] = ['spec.resources.requests.storage', 'status.capacity.storage'].map((path) =>
    parseQuantity(textAt(body, path)),
  );
  const isSettled = objectsAt(body, 'status.conditions').length === 0;
  return kind === 'PersistentVolumeClaim' && isSettled && wanted !== undefined && got !== undefined && got >= wanted;
}

/**
 * Whether an object that fares well says with it that what an event complains of is over. A row of a table tells that a node is
 * ready and not how much it has left, nor whether that was before its runtime fell silent; and that a claim is bound and not whether
 * it can grow.
 */
export function speaksOf(object: BundleObject, event: BundleEvent): boolean {
  const shortage = shortageIn(event);
  if (shortage !== undefined) return textAt(conditionOf(object, conditions[shortage]), 'status') !== undefined;
  if (event.reason === RUNTIME_DOWN) return false;
  return ofGrowth.has(event.reason) ? hasGrown(object) : true;
}
