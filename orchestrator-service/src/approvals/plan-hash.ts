import type { JsonObject } from '@aetherius/shared/contracts';
import { hashOf } from '../engine/hash.ts';

/** What an approval is bound to: the action, its parameters, the one object, and the values that stood there. */
export const planHash = (plan: { action: string; parameters: JsonObject; uid: string; before: string }): string =>
  hashOf(plan);
