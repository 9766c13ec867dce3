import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { asObject } from './bundle-items.ts';
import type { Revision } from './changes.ts';

const metadataOf = (object: JsonObject): JsonObject => asObject(object['metadata']);

/** Whether an object names this uid among its owners. */
export function isOwnedBy(object: JsonObject, uid: string): boolean {
  const owners = metadataOf(object)['ownerReferences'];
  return Array.isArray(owners) && owners.some((owner) => asObject(owner)['uid'] === uid);
}

const revisionOf = (object: JsonObject): number =>
  Number(asObject(metadataOf(object)['annotations'])['deployment.kubernetes.io/revision'] ?? 0);

const createdAt = (object: JsonObject): string => String(metadataOf(object)['creationTimestamp'] ?? '');

/** The revision that a ReplicaSet holds; none where it is not of a Deployment. */
export function ofReplicaSet(set: JsonObject): Revision[] {
  const template = asObject(set['spec'])['template'];
  const revision = revisionOf(set);
  return template === undefined || revision === 0 ? [] : [{ revision, at: createdAt(set), template }];
}

/** The revision that a ControllerRevision holds. */
export function ofControllerRevision(one: JsonObject): Revision[] {
  const template: Json | undefined = asObject(asObject(one['data'])['spec'])['template'];
  const { revision } = one;
  return template === undefined || typeof revision !== 'number' ? [] : [{ revision, at: createdAt(one), template }];
}

/** The two newest of the ReplicaSets of a Deployment. */
export const newest = (sets: JsonObject[]): JsonObject[] =>
  [...sets].sort((a, b) => revisionOf(b) - revisionOf(a)).slice(0, 2);
