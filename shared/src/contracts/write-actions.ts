import type { z } from 'zod';
import type { fieldParameters, wholeParameters } from './action-parameters.ts';
import type { Condition } from './command.ts';

/** An action that sets one field of one kind. */
export type FieldAction = keyof typeof fieldParameters;
/** An action that changes the cluster. */
export type WriteAction = FieldAction | keyof typeof wholeParameters;
/** Parameters of a field action, as its schema reads them. */
export type FieldParameters<A extends FieldAction> = z.infer<(typeof fieldParameters)[A]>;

/** What an action can be done to, whether it can be taken back exactly, what can be seen on that object when it helped, and whether a person is asked even where a strategy would not. */
type Traits = {
  kinds: readonly string[];
  way: 'reversible' | 'final';
  proofs: readonly Condition[];
  asks: 'as_strategy_says' | 'always';
};

const templated = ['Deployment', 'StatefulSet', 'DaemonSet'];
const of = (kind: string, ...proofs: Condition[]): Traits => ({
  kinds: [kind],
  way: 'reversible',
  proofs,
  asks: 'as_strategy_says',
});
const ofWorkload: Traits = { ...of('Deployment', 'workload_available'), kinds: templated };
const final = (traits: Traits): Traits => ({ ...traits, way: 'final' });
/** What a field should hold is its owner's intent, which no evidence shows for certain. */
const asked = (traits: Traits): Traits => ({ ...traits, asks: 'always' });

/** The catalogue of writing actions: agent, orchestrator and catalogue of remedies go by this one table. */
export const writeActions: Readonly<Record<WriteAction, Traits>> = {
  restart_workload: final(ofWorkload),
  scale_workload: { ...ofWorkload, kinds: ['Deployment', 'StatefulSet', 'ReplicaSet'] },
  set_resources: ofWorkload,
  rollback_workload: of('Deployment', 'workload_available'),
  // The pod that went never gets ready again: its successor is another object.
  delete_pod: final(of('Pod', 'object_gone')),
  evict_pod: asked(final(of('Pod', 'object_gone'))),
  cordon_node: of('Node', 'node_unschedulable'),
  uncordon_node: of('Node', 'node_schedulable', 'node_ready'),
  set_probe: asked(ofWorkload),
  set_strategy: asked(of('Deployment', 'workload_available')),
  pause_rollout: asked(of('Deployment', 'workload_available')),
  resume_rollout: asked(of('Deployment', 'workload_available')),
  set_service_account: asked(ofWorkload),
  set_pull_secrets: asked(ofWorkload),
  set_config_reference: asked(ofWorkload),
  set_node_selector: asked(ofWorkload),
  tolerate_taint: asked(ofWorkload),
  untolerate_taint: asked(ofWorkload),
  relax_anti_affinity: asked(ofWorkload),
  require_anti_affinity: asked(ofWorkload),
  // A volume never shrinks again.
  resize_claim: asked(final(of('PersistentVolumeClaim', 'claim_resized'))),
  set_quota: asked(of('ResourceQuota', 'quota_in_force')),
  set_autoscaler_bounds: asked(of('HorizontalPodAutoscaler', 'autoscaler_active')),
  set_disruption_budget: asked(of('PodDisruptionBudget', 'budget_allows_disruption')),
  set_starting_deadline: asked(of('CronJob', 'cron_job_started')),
  set_job_deadline: asked(of('CronJob', 'cron_job_succeeded')),
  set_service_selector: asked(of('Service', 'service_has_endpoints')),
  set_service_port: asked(of('Service', 'service_has_endpoints')),
  set_ingress_backend: asked(of('Ingress', 'ingress_backends_exist')),
  set_ingress_class: asked(of('Ingress', 'ingress_has_address')),
};

/** Whether an action changes the cluster. */
export const isWriteAction = (action: string): action is WriteAction => Object.hasOwn(writeActions, action);
