import type { BundleObject, JsonObject, parametersOf, Subject, WriteAction } from '@aetherius/shared/contracts';
import type { z } from 'zod';
import { distance } from '../../diagnosis/graph/nearest-labels.ts';
import { subjectOf } from '../../diagnosis/graph/object-key.ts';
import { podShapeOf } from '../../diagnosis/graph/pod-spec.ts';
import { objectsAt } from '../../diagnosis/json-path.ts';
import { failingContainer, type Scope, subjectObject, workloadBehind } from '../scope.ts';

/** An action with what it is aimed at and how, computed from objects of the bundle and from nothing that a program wrote. */
export type Aimed<A extends WriteAction = WriteAction> = {
  target: Subject;
  parameters: z.input<(typeof parametersOf)[A]>;
};

/** One way to compute an action; undefined where the objects do not give it without a guess. */
export type Change<A extends WriteAction> = { action: A; of: (scope: Scope) => Aimed<A> | undefined };

const templated = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The workload whose pods are broken, with the pod that it makes; undefined where its template is not in the bundle. */
export function ownWorkload(scope: Scope): { object: BundleObject; target: Subject; pod: JsonObject } | undefined {
  const object = subjectObject(scope) ?? workloadBehind(scope, scope.diagnosis.subject);
  const pod = object === undefined || !templated.includes(object.kind) ? undefined : podShapeOf(object)?.spec;
  return object === undefined || pod === undefined ? undefined : { object, target: subjectOf(object), pod };
}

/** The containers of a pod's spec, the one in trouble first. */
export function containersOf(scope: Scope, pod: JsonObject): JsonObject[] {
  const failing = failingContainer(scope)?.name;
  return objectsAt(pod, 'containers').toSorted((a, b) => Number(b['name'] === failing) - Number(a['name'] === failing));
}

/** The only one of a list; several would have to be guessed between. */
export const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

/** A name without the hash that a tool hangs on it. */
const stemOf = (name: string): string => name.replace(/-[0-9a-z]*\d[0-9a-z]*$/, '');

/** Whether two names are so alike that one is most likely meant by the other. */
export function isNearName(a: string, b: string): boolean {
  if (a === b) return false;
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  const isPart = shorter.length >= 3 && (longer.startsWith(`${shorter}-`) || longer.endsWith(`-${shorter}`));
  return stemOf(a) === stemOf(b) || isPart || (a.length > 3 && distance(a.slice(0, 63), b.slice(0, 63)) <= 2);
}

/** The one name of several that is meant by a name which does not exist. */
export const nearNameOf = (wanted: string, names: Iterable<string>): string | undefined =>
  only([...new Set(names)].filter((name) => isNearName(wanted, name)));
