import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Facts } from './facts.ts';
import { isSame } from './graph/object-key.ts';
import { conditionOf } from './health/health.ts';
import { isTrueAt, objectsAt, textAt } from './json-path.ts';

/** Where every pod may be placed: ready, not closed, and without a taint that keeps pods off. */
const takesPods = (node: BundleObject): boolean =>
  textAt(conditionOf(node, 'Ready'), 'status') === 'True' &&
  !isTrueAt(node.body, 'spec.unschedulable') &&
  objectsAt(node.body, 'spec.taints').every((taint) => textAt(taint, 'effect') === 'PreferNoSchedule');

/** Whether pods have somewhere else to go when a node is closed to them: to close the last one stops every new pod. */
export const hasNodeBeside = (facts: Facts, closed: Subject): boolean =>
  facts.of('Node').some((node) => !isSame(node, closed) && takesPods(node));
