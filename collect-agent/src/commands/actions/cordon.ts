import type { ChangePlan, NoPlan } from '../change-plan.ts';
import type { Node } from '../kube-object.ts';

/** Takes a node out of scheduling or puts it back; where that is done already there is nothing that could be called a repair. */
export function planCordon(node: Node, unschedulable: boolean): ChangePlan | NoPlan {
  const before = node.spec?.unschedulable ?? false;
  if (before === unschedulable) return { problem: unschedulable ? 'already_cordoned' : 'already_schedulable' };
  return {
    change: [{ op: 'add', path: '/spec/unschedulable', value: unschedulable }],
    before: { 'spec.unschedulable': before },
    after: { 'spec.unschedulable': unschedulable },
    undo: { action: before ? 'cordon_node' : 'uncordon_node', parameters: {} },
  };
}
