import { type FieldParameters, type JsonObject, parametersOf } from '@aetherius/shared/contracts';
import type { ChangePlan, NoPlan } from '../change-plan.ts';
import type { KubeObject } from '../kube-object.ts';
import type { FieldChange } from './field-change.ts';
import { fieldChanges, type PlainFieldAction } from './fields/index.ts';
import { type Replacement, replaceAt } from './replace-at.ts';

/** An object of the API server as plain JSON, for changes of fields that no type here names. */
export const asBody = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** The plan of one replacement, unless there is a problem with it. */
export const planReplacement = (object: KubeObject, found: Replacement | NoPlan): ChangePlan | NoPlan =>
  'problem' in found ? found : replaceAt(asBody(object), found);

/** The plan of a field action: the patch, the leaves before and after, and the command that puts them back. */
export function planField<A extends PlainFieldAction>(
  action: A,
  object: KubeObject,
  parameters: JsonObject,
): ChangePlan | NoPlan {
  const change: FieldChange<A> = fieldChanges[action];
  const wanted = parametersOf[action].parse(parameters) as FieldParameters<A>;
  return planReplacement(object, change(asBody(object), wanted));
}
