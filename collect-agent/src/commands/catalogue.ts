import { type Action, Condition, readOnlyActions } from '@aetherius/shared/contracts';
import { readableKinds } from './kinds.ts';

const templated = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The kinds of target that make sense for each action; `configure` is about the agent itself, so any will do. */
const targetKinds: Readonly<Record<Exclude<Action, 'configure'>, readonly string[]>> = {
  restart_workload: templated,
  scale_workload: ['Deployment', 'StatefulSet', 'ReplicaSet'],
  set_resources: templated,
  rollback_workload: ['Deployment'],
  delete_pod: ['Pod'],
  cordon_node: ['Node'],
  uncordon_node: ['Node'],
  get: readableKinds,
  describe: readableKinds,
  events: readableKinds,
  logs: ['Pod'],
  observe: readableKinds,
};

/** The kinds that each condition can be asked of. */
const conditionKinds: Readonly<Record<Condition, readonly string[]>> = {
  workload_available: templated,
  pod_ready: ['Pod'],
  node_ready: ['Node'],
  node_unschedulable: ['Node'],
  node_schedulable: ['Node'],
  object_gone: readableKinds,
  claim_bound: ['PersistentVolumeClaim'],
  service_has_endpoints: ['Service'],
};

/** Whether the action changes something in the cluster. */
export const isWrite = (action: Action): boolean => !readOnlyActions.has(action) && action !== 'configure';

/** Whether the target's kind fits the action, and for an observation the condition too. */
export function kindFits(action: Action, kind: string, parameters: Record<string, unknown>): boolean {
  if (action === 'configure') return true;
  if (!targetKinds[action].includes(kind)) return false;
  const condition = action === 'observe' ? Condition.safeParse(parameters['condition']) : undefined;
  return condition?.success !== true || conditionKinds[condition.data].includes(kind);
}
