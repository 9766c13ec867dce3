import { higherMaximum, largerClaim, largerQuota, looserBudget, secondReplica } from './capacity.ts';
import { antiAffinity, movablePod, nodeSelector, toleration } from './placement.ts';
import { probePort, probeTimeout, startupPatience } from './probes.ts';
import { configReference, nearAccount, ownAccount, pullSecrets } from './references.ts';
import { limitsForQuota, trueRequest, withinLimitRange } from './resources.ts';
import { jobDeadline, recreate, resume, startingDeadline } from './rollout.ts';
import { ingressBackend, ingressClass, servicePort, serviceSelector } from './traffic.ts';

/** Every way to compute target and parameters of an action from the objects of a bundle, by the name that the catalogue uses. */
export const changes = {
  liveness_port: probePort('liveness'),
  readiness_port: probePort('readiness'),
  startup_port: probePort('startup'),
  liveness_timeout: probeTimeout('liveness'),
  readiness_timeout: probeTimeout('readiness'),
  startup_patience: startupPatience,
  larger_claim: largerClaim,
  larger_quota: largerQuota,
  higher_maximum: higherMaximum,
  looser_budget: looserBudget,
  second_replica: secondReplica,
  node_selector: nodeSelector,
  toleration,
  anti_affinity: antiAffinity,
  movable_pod: movablePod,
  config_reference: configReference,
  near_account: nearAccount,
  own_account: ownAccount,
  pull_secrets: pullSecrets,
  within_limit_range: withinLimitRange,
  limits_for_quota: limitsForQuota,
  true_request: trueRequest,
  recreate,
  resume,
  starting_deadline: startingDeadline,
  job_deadline: jobDeadline,
  service_selector: serviceSelector,
  service_port: servicePort(({ diagnosis }) => diagnosis.subject),
  dependency_port: servicePort(({ diagnosis }) => diagnosis.root_cause.subject),
  ingress_backend: ingressBackend,
  ingress_class: ingressClass,
};
export type ChangeName = keyof typeof changes;
