import type { Node } from '../kube/objects.ts';
import { nodeHealth } from '../signals/health.ts';
import type { Facts } from '../watch/cluster-state.ts';

const takesPods = (node: Node): boolean =>
  nodeHealth(node) !== undefined &&
  node.spec.unschedulable !== true &&
  (node.spec.taints ?? []).every(({ effect }) => effect === 'PreferNoSchedule');

/** A node where pods can go when this one is closed to them: without one it must not be closed. */
export const openNodeBeside = (facts: Facts, node: Node): Node[] =>
  facts
    .all('Node')
    .filter((one) => one.metadata.name !== node.metadata.name && takesPods(one))
    .slice(0, 1);
