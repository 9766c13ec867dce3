import type { FieldAction, FieldParameters, JsonObject } from '@aetherius/shared/contracts';
import type { NoPlan } from '../change-plan.ts';
import type { Replacement } from './replace-at.ts';

/** What a field action would replace in the object as it was read; pure, so that a dry run and the write agree. */
export type FieldChange<A extends FieldAction> = (
  body: JsonObject,
  parameters: FieldParameters<A>,
) => Replacement | NoPlan;

/** The pod's spec within a workload's template. */
export const POD = ['spec', 'template', 'spec'] as const;
