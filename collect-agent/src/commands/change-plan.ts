import type { Action, JsonObject } from '@aetherius/shared/contracts';
import type { Operation } from './json-patch.ts';

/** What an action would change: the patch, the values before and after by path, and the command that takes it back. */
export type ChangePlan = {
  change: Operation[];
  before: JsonObject;
  after: JsonObject;
  undo: { action: Action; parameters: JsonObject } | null;
  output?: JsonObject;
};

/** Why an action cannot be planned on the object as it is. */
export type NoPlan = { problem: string };

export const isNoPlan = (plan: ChangePlan | NoPlan): plan is NoPlan => 'problem' in plan;
