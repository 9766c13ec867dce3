import type { FieldAction } from '@aetherius/shared/contracts';
import type { FieldChange } from '../field-change.ts';
import { setAutoscalerBounds, setDisruptionBudget, setQuota } from './capacity.ts';
import {
  relaxAntiAffinity,
  requireAntiAffinity,
  setNodeSelector,
  tolerateTaint,
  untolerateTaint,
} from './placement.ts';
import { setConfigReference, setProbe, setPullSecrets, setServiceAccount } from './pod-template.ts';
import { pauseRollout, resumeRollout, setStrategy } from './rollout.ts';
import { setJobDeadline, setStartingDeadline } from './schedule.ts';
import { setIngressBackend, setIngressClass, setServicePort, setServiceSelector } from './traffic.ts';

/** The field actions that need nothing but the object itself. */
export type PlainFieldAction = Exclude<FieldAction, 'resize_claim'>;

/** What each of them replaces. */
export const fieldChanges: { readonly [A in PlainFieldAction]: FieldChange<A> } = {
  set_probe: setProbe,
  set_strategy: setStrategy,
  pause_rollout: pauseRollout,
  resume_rollout: resumeRollout,
  set_service_account: setServiceAccount,
  set_pull_secrets: setPullSecrets,
  set_config_reference: setConfigReference,
  set_node_selector: setNodeSelector,
  tolerate_taint: tolerateTaint,
  untolerate_taint: untolerateTaint,
  relax_anti_affinity: relaxAntiAffinity,
  require_anti_affinity: requireAntiAffinity,
  set_quota: setQuota,
  set_autoscaler_bounds: setAutoscalerBounds,
  set_disruption_budget: setDisruptionBudget,
  set_starting_deadline: setStartingDeadline,
  set_job_deadline: setJobDeadline,
  set_service_selector: setServiceSelector,
  set_service_port: setServicePort,
  set_ingress_backend: setIngressBackend,
  set_ingress_class: setIngressClass,
};
