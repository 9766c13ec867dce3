import type { ChangePlan } from '../change-plan.ts';
import type { Node } from '../kube-object.ts';

/** Takes a node out of scheduling or puts it back. */
export function planCordon(node: Node, unschedulable: boolean): ChangePlan {
  const before = node.spec?.unschedulable ?? false;
  return {
    change: [{ op: 'add', path: '/spec/unschedulable', value: unschedulable }],
    before: { 'spec.unschedulable': before },
    after: { 'spec.unschedulable': unschedulable },
    undo: before === unschedulable ? null : { action: before ? 'cordon_node' : 'uncordon_node', parameters: {} },
  };
}
