import type { Scope } from '../scope.ts';
import { webhookService } from '../webhook-service.ts';
import { higherMaximum, higherMinimum, largerClaim, largerQuota, looserBudget, secondReplica } from './capacity.ts';
import {
  formerAccount,
  formerConfigMap,
  formerCpuLimit,
  formerNodeSelector,
  formerProbe,
  formerPullSecrets,
  formerRequests,
} from './former.ts';
import {
  antiAffinity,
  matchingProcessor,
  movablePod,
  nodeSelector,
  replicasForPlaces,
  toleration,
  volumePlace,
} from './placement.ts';
import { probePort, probeTimeout, startupPatience } from './probes.ts';
import { configReference, nearAccount, nearPullSecret, ownAccount, pullSecrets } from './references.ts';
import { limitsForQuota, trueRequest, withinLimitRange } from './resources.ts';
import { jobDeadline, recreate, resume, startingDeadline, withoutSurge } from './rollout.ts';
import { ingressBackend, ingressClass, servicePort, serviceSelector } from './traffic.ts';

const itself = ({ diagnosis }: Scope) => diagnosis.subject;
const cause = ({ diagnosis }: Scope) => diagnosis.root_cause.subject;

/** Every way to compute target and parameters of an action from the objects of a bundle, by the name that the catalogue uses. */
export const changes = {
  liveness_port: probePort('liveness'),
  readiness_port: probePort('readiness'),
  startup_port: probePort('startup'),
  liveness_timeout: probeTimeout('liveness'),
  readiness_timeout: probeTimeout('readiness'),
  startup_timeout: probeTimeout('startup'),
  startup_patience: startupPatience,
  larger_claim: largerClaim,
  larger_quota: largerQuota,
  higher_maximum: higherMaximum,
  higher_minimum: higherMinimum,
  looser_budget: looserBudget,
  second_replica: secondReplica,
  node_selector: nodeSelector,
  matching_processor: matchingProcessor,
  volume_place: volumePlace,
  replicas_for_places: replicasForPlaces,
  toleration,
  anti_affinity: antiAffinity,
  movable_pod: movablePod,
  config_reference: configReference,
  near_account: nearAccount,
  own_account: ownAccount,
  pull_secrets: pullSecrets,
  near_pull_secret: nearPullSecret,
  within_limit_range: withinLimitRange,
  limits_for_quota: limitsForQuota,
  true_request: trueRequest,
  recreate,
  without_surge: withoutSurge,
  resume,
  starting_deadline: startingDeadline,
  job_deadline: jobDeadline,
  service_selector: serviceSelector(itself),
  dependency_selector: serviceSelector(cause),
  webhook_selector: serviceSelector(webhookService),
  service_port: servicePort(itself),
  dependency_port: servicePort(cause),
  webhook_port: servicePort(webhookService),
  ingress_backend: ingressBackend,
  ingress_class: ingressClass,
  former_probe: formerProbe,
  former_cpu_limit: formerCpuLimit,
  former_requests: formerRequests,
  former_account: formerAccount,
  former_config_map: formerConfigMap,
  former_pull_secrets: formerPullSecrets,
  former_node_selector: formerNodeSelector,
};
export type ChangeName = keyof typeof changes;
