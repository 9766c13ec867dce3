import { type Action, Condition, isWriteAction, writeActions } from '@aetherius/shared/contracts';
import { readableKinds } from './kinds.ts';

const templated = ['Deployment', 'StatefulSet', 'DaemonSet'];

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
  claim_resized: ['PersistentVolumeClaim'],
  quota_in_force: ['ResourceQuota'],
  autoscaler_active: ['HorizontalPodAutoscaler'],
  budget_allows_disruption: ['PodDisruptionBudget'],
  cron_job_started: ['CronJob'],
  cron_job_succeeded: ['CronJob'],
  ingress_backends_exist: ['Ingress'],
  ingress_has_address: ['Ingress'],
};

/** The kinds of target that make sense for an action. */
function kindsOf(action: Action): readonly string[] {
  if (isWriteAction(action)) return writeActions[action].kinds;
  return action === 'logs' ? ['Pod'] : readableKinds;
}

/** Whether the target's kind fits the action, and for an observation the condition too; `configure` is about the agent itself. */
export function kindFits(action: Action, kind: string, parameters: Record<string, unknown>): boolean {
  if (action === 'configure') return true;
  if (!kindsOf(action).includes(kind)) return false;
  const condition = action === 'observe' ? Condition.safeParse(parameters['condition']) : undefined;
  return condition?.success !== true || conditionKinds[condition.data].includes(kind);
}
