import type { JsonObject, Subject } from '@aetherius/shared/contracts';
import { deploymentOf, replicaSetOf, statefulSetOf } from '../diagnosis/graph/generated-name.ts';
import { isTrueAt, objectsAt, textAt } from '../diagnosis/json-path.ts';
import type { ReadObject } from './reading.ts';

const ofOther = /^(.+)-(?:[a-z0-9]{5}|\d+)$/;

/** The same objects, where a pod that does not say who made it (a row of a table) is given the owner that its name tells. */
export function withOwners(objects: readonly ReadObject[]): ReadObject[] {
  const present = new Map(objects.map((object) => [`${object.kind}/${object.name}`, object]));
  return objects.map((object) => {
    if (object.detail === 'whole' || objectsAt(object.body, 'metadata.ownerReferences').length > 0) return object;
    const owner = ownerByName(object, present) ?? ordinalOwner(object, present);
    return owner === undefined ? object : { ...object, body: owned(object.body, owner) };
  });
}

type Owner = { kind: string; name: string };

function ownerByName({ kind, name }: ReadObject, present: ReadonlyMap<string, ReadObject>): Owner | undefined {
  if (kind === 'ReplicaSet') return named('Deployment', deploymentOf(name));
  if (kind !== 'Pod') return undefined;
  const set = named('ReplicaSet', replicaSetOf(name));
  if (set !== undefined) return set;
  const stem = ofOther.exec(name)?.[1];
  return ['StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet']
    .map((one) => (present.has(`${one}/${stem}`) ? named(one, stem) : undefined))
    .find((one) => one !== undefined);
}

/**
 * A description would name its owner; a row cannot. Stateful sets count from zero, so a higher number alone, with no
 * first pod beside it, is as well a pod that somebody called so.
 */
function ordinalOwner(
  { kind, namespace = null, name, detail, body }: ReadObject,
  present: ReadonlyMap<string, ReadObject>,
): Owner | undefined {
  const hidesOwner = detail === 'row' || isTrueAt(body, 'status.isPart');
  const set = kind === 'Pod' && hidesOwner ? statefulSetOf({ namespace, name }) : undefined;
  return set !== undefined && present.has(`Pod/${set}-0`) ? named('StatefulSet', set) : undefined;
}

const named = (kind: string, name: string | undefined): Owner | undefined =>
  name === undefined ? undefined : { kind, name };

const owned = (body: JsonObject, owner: Owner): JsonObject => {
  const metadata = body['metadata'];
  const kept = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  return { ...body, metadata: { ...kept, ownerReferences: [{ ...owner, controller: true }] } };
};

/** The controller at the top of an object, by owner references and, past what is there, by the name of a ReplicaSet. */
export function topOf(object: ReadObject, find: (kind: string, name: string) => ReadObject | undefined): Subject {
  let { kind, name } = object;
  for (let next: ReadObject | undefined = object, steps = 0; next !== undefined && steps < 5; steps += 1) {
    const [reference] = objectsAt(next.body, 'metadata.ownerReferences');
    const owner = { kind: textAt(reference, 'kind'), name: textAt(reference, 'name') };
    if (owner.kind === undefined || owner.name === undefined || owner.kind === 'Node') break;
    kind = owner.kind;
    name = owner.name;
    next = find(kind, name);
  }
  const deployment = kind === 'ReplicaSet' && kind !== object.kind ? deploymentOf(name) : undefined;
  const namespace = object.namespace ?? null;
  return deployment === undefined ? { kind, namespace, name } : { kind: 'Deployment', namespace, name: deployment };
}
